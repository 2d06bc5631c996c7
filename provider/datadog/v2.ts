import * as v from "valibot";
import type { ApiRequest, Connection } from "./connection";
import { decode } from "./decode";
import { type KeyRecord, type User, nameOf, quoted } from "./keys";
import type { Site } from "./sites";

const pageSize = 100;

/** Absent, null and empty all mean: not told. */
const told = v.optional(v.nullable(v.string()));

const userSchema = v.object({
  id: v.string(),
  attributes: v.optional(v.object({ email: told, handle: told })),
});
const keySchema = v.object({
  // Ids go into paths and messages.
  id: v.pipe(v.string(), v.regex(/^[\w-]{1,100}$/)),
  attributes: v.object({
    name: v.string(),
    key: told,
    last4: told,
    created_at: told,
    scopes: v.optional(v.nullable(v.array(v.string()))),
  }),
  relationships: v.optional(
    v.object({
      owned_by: v.optional(v.object({ data: v.optional(v.nullable(v.object({ id: v.string() }))) })),
    }),
  ),
});
const includedSchema = v.optional(v.array(v.looseObject({ id: v.string(), type: v.string() })));
const oneSchema = v.object({ data: keySchema, included: includedSchema });
const createdSchema = v.object({
  data: v.intersect([keySchema, v.object({ attributes: v.object({ key: v.pipe(v.string(), v.nonEmpty()) }) })]),
});
const listSchema = v.object({
  data: v.array(keySchema),
  meta: v.optional(v.object({ page: v.optional(v.object({ total_filtered_count: v.optional(v.number()) })) })),
});
const userAnswerSchema = v.object({ data: userSchema });

/** Whose keys a path of v2 speaks of. */
export type Area = "currentUser" | "organisation" | { readonly serviceAccountId: string };

interface AreaPaths {
  readonly collection: string;
  readonly params: Readonly<Record<string, string>>;
  readonly reads: string;
  readonly writes: string;
}

function pathsOf(area: Area): AreaPaths {
  if (area === "currentUser") {
    const collection = "/api/v2/current_user/application_keys";
    return { collection, params: {}, reads: "user_app_keys", writes: "user_app_keys" };
  }
  if (area === "organisation") {
    const collection = "/api/v2/application_keys";
    return { collection, params: {}, reads: "org_app_keys_read", writes: "org_app_keys_write" };
  }
  return {
    collection: "/api/v2/service_accounts/{account}/application_keys",
    params: { account: area.serviceAccountId },
    reads: "service_account_write",
    writes: "service_account_write",
  };
}

/** What an edit changes; what is absent stays. */
export interface KeyEdit {
  readonly name?: string;
  /** Empty takes all restrictions away. */
  readonly scopes?: readonly string[];
}

/**
 * Datadog's current key endpoints, which know a key by its UUID.
 * @see https://docs.datadoghq.com/api/latest/key-management/
 * @see https://docs.datadoghq.com/api/latest/service-accounts/
 */
export class V2Keys {
  constructor(
    private readonly connection: Connection,
    private readonly site: Site,
  ) {}

  /** All keys of an area: the first page says how many there are, the others are fetched together. */
  async list(area: Area): Promise<KeyRecord[]> {
    const pages = [await this.page(area, 0)];
    const total = pages[0]?.meta?.page?.total_filtered_count;
    const perPage = pages[0]?.data.length ?? 0;
    if (total === undefined) {
      while (pages.at(-1)?.data.length === pageSize) pages.push(await this.page(area, pages.length));
    } else if (perPage > 0 && perPage < total) {
      const others = Array.from({ length: Math.ceil(total / perPage) - 1 }, (_, index) => this.page(area, index + 1));
      pages.push(...(await Promise.all(others)));
    }
    return pages.flatMap((page) => page.data.map((item) => toRecord(item)));
  }

  /** One key, with its owner where Datadog tells. */
  async get(area: Area, id: string): Promise<KeyRecord> {
    const { collection, params, reads } = pathsOf(area);
    const doing = this.doing("reading", `application key ${id}`);
    const answer = await this.connection.send({
      method: "GET",
      route: `${collection}/{id}`,
      params: { ...params, id },
      query: { include: "owned_by" },
      doing,
      permission: reads,
    });
    const { data, included = [] } = decode(oneSchema, answer, doing);
    const record = toRecord(data);
    const owner = included.find((item) => item.type === "users" && item.id === record.ownerId);
    const ownerName = owner && nameOf(toUser(decode(userSchema, owner, doing)));
    return { ...record, ...(ownerName !== undefined && { owner: ownerName }) };
  }

  async create(area: Exclude<Area, "organisation">, name: string, scopes: readonly string[]): Promise<KeyRecord> {
    const { collection, params, writes } = pathsOf(area);
    const doing = this.doing("creating", quoted(name));
    const answer = await this.connection.send({
      method: "POST",
      route: collection,
      params,
      body: { data: { type: "application_keys", attributes: { name, ...(scopes.length > 0 && { scopes }) } } },
      doing,
      permission: writes,
    });
    return toRecord(decode(createdSchema, answer, doing).data);
  }

  /** @param name how the key is called now, for messages */
  async edit(area: Area, id: string, name: string, change: KeyEdit): Promise<KeyRecord> {
    const { collection, params, writes } = pathsOf(area);
    const doing = this.doing(change.name === undefined ? "changing the scopes of" : "renaming", quoted(name));
    const attributes = {
      ...(change.name !== undefined && { name: change.name }),
      // null, not [], is how Datadog says "no restriction" itself.
      ...(change.scopes && { scopes: change.scopes.length > 0 ? change.scopes : null }),
    };
    const answer = await this.connection.send({
      method: "PATCH",
      route: `${collection}/{id}`,
      params: { ...params, id },
      body: { data: { id, type: "application_keys", attributes } },
      doing,
      permission: writes,
    });
    return toRecord(decode(oneSchema, answer, doing).data);
  }

  /** @param name how the key is called, for messages */
  async delete(area: Area, id: string, name: string): Promise<void> {
    const { collection, params, writes } = pathsOf(area);
    await this.connection.send({
      method: "DELETE",
      route: `${collection}/{id}`,
      params: { ...params, id },
      doing: this.doing("revoking", quoted(name)),
      permission: writes,
    });
  }

  /** The user whose application key is used. */
  async currentUser(): Promise<User> {
    return this.user({
      method: "GET",
      route: "/api/v2/current_user",
      doing: this.doing("looking up", "the current user"),
      permission: "of any user",
    });
  }

  /** Any user or service account of the organisation. */
  async userById(id: string): Promise<User> {
    return this.user({
      method: "GET",
      route: "/api/v2/users/{id}",
      params: { id },
      doing: this.doing("looking up", `user ${id}`),
      permission: "user_access_read",
    });
  }

  private async user(request: ApiRequest): Promise<User> {
    return toUser(decode(userAnswerSchema, await this.connection.send(request), request.doing).data);
  }

  private async page(area: Area, number: number) {
    const { collection, params, reads } = pathsOf(area);
    const doing = this.doing("listing", "the application keys");
    const answer = await this.connection.send({
      method: "GET",
      route: collection,
      params,
      // A fixed order, so that no key slips between two pages.
      query: { "page[size]": String(pageSize), "page[number]": String(number), sort: "created_at" },
      doing,
      permission: reads,
    });
    return decode(listSchema, answer, doing);
  }

  private doing(verb: string, subject: string) {
    return { verb, subject, site: this.site };
  }
}

function toRecord({ id, attributes, relationships }: v.InferOutput<typeof keySchema>): KeyRecord {
  const { name, key, last4, created_at: createdAt, scopes } = attributes;
  const ownerId = relationships?.owned_by?.data?.id;
  return {
    id,
    name,
    ...(key && { key }),
    ...(last4 && { last4 }),
    ...(createdAt && { createdAt }),
    ...(scopes !== undefined && { scopes: scopes ?? [] }),
    ...(ownerId && { ownerId }),
  };
}

function toUser({ id, attributes }: v.InferOutput<typeof userSchema>): User {
  const { email, handle } = attributes ?? {};
  return { id, ...(email && { email }), ...(handle && { handle }) };
}
