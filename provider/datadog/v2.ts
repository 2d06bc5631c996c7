import {
  array,
  type InferOutput,
  intersect,
  looseObject,
  nonEmpty,
  nullish,
  number,
  object,
  optional,
  pipe,
  regex,
  safeParse,
  string,
} from "valibot";
import { defined } from "../defined";
import { ask, decode, optionalText } from "./ask";
import type { Connection } from "./connection";
import { type KeyRecord, type Leak, type NewKey, type User, nameOf, quoted, renamed } from "./keys";
import { type Page, type Pages, listPages, pageQuery } from "./pages";
import type { Site } from "./sites";

const userSchema = object({
  id: string(),
  attributes: optional(object({ email: optionalText, handle: optionalText })),
  relationships: optional(object({ org: optional(object({ data: nullish(object({ id: string() })) })) })),
});
const orgSchema = object({ attributes: object({ name: optionalText }) });
const keySchema = object({
  // Ids appear in paths and messages.
  id: pipe(string(), regex(/^[\w-]{1,100}$/)),
  attributes: object({
    name: string(),
    key: optionalText,
    last4: optionalText,
    created_at: optionalText,
    scopes: nullish(array(string())),
  }),
  relationships: optional(
    object({
      owned_by: optional(object({ data: nullish(object({ id: string() })) })),
      leak_information: nullish(object({ data: nullish(object({ id: string() })) })),
    }),
  ),
});
const includedSchema = optional(array(looseObject({ id: string(), type: string() })));
const oneSchema = object({ data: keySchema, included: includedSchema });
const leakSchema = object({ attributes: optional(object({ date: optionalText, leak_source: optionalText })) });
const createdSchema = object({
  data: intersect([keySchema, object({ attributes: object({ key: pipe(string(), nonEmpty()) }) })]),
});
const listSchema = object({
  data: array(keySchema),
  included: includedSchema,
  meta: optional(object({ page: optional(object({ total_filtered_count: optional(number()) })) })),
});
const userAnswerSchema = object({ data: userSchema, included: includedSchema });

/** The owner: the user whose credentials are used, or a service account. */
export type Owner = "currentUser" | { readonly serviceAccountId: string };

/** Whose keys a v2 path covers. */
export type Area = Owner | "organisation";

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

/** The changes of an edit. Missing fields stay as they are. */
export interface KeyEdit {
  readonly name?: string;
  /** Empty removes all restrictions. */
  readonly scopes?: readonly string[];
}

/**
 * Datadog's current key endpoints, which identify a key by its UUID.
 * @see https://docs.datadoghq.com/api/latest/key-management/
 * @see https://docs.datadoghq.com/api/latest/service-accounts/
 */
export class V2Keys {
  readonly #connection: Connection;
  readonly #site: Site;
  readonly #seesLeak: (leak: Leak) => void;

  /** @param seesLeak takes each key that an answer marks as found in public */
  constructor(connection: Connection, site: Site, seesLeak: (leak: Leak) => void = () => undefined) {
    this.#connection = connection;
    this.#site = site;
    this.#seesLeak = seesLeak;
  }

  /** The oldest keys of an area, and a way to get the others. */
  async list(area: Area): Promise<Pages<KeyRecord>> {
    return this.#pages(area, "created_at");
  }

  /** The newest keys of an area. */
  async newest(area: Area): Promise<Pages<KeyRecord>> {
    return this.#pages(area, "-created_at");
  }

  /** One key, with its owner if Datadog shows it. */
  async get(area: Area, id: string): Promise<KeyRecord> {
    const request = this.#onKey("reads", area, id, "reading", `application key ${id}`);
    const query = { include: "owned_by" };
    const { data, included = [] } = await ask(this.#connection, { method: "GET", ...request, query }, oneSchema);
    const record = this.#record(data, included);
    const owner = included.find((item) => item.type === "users" && item.id === record.ownerId);
    const ownerName = owner && nameOf(toUser(decode(userSchema, owner, request.doing)));
    return { ...record, ...defined({ owner: ownerName }) };
  }

  async create(owner: Owner, { name, scopes }: NewKey): Promise<KeyRecord> {
    const request = this.#onKeys("writes", owner, "creating", quoted(name));
    const body = { data: { type: "application_keys", attributes: { name, ...(scopes.length > 0 && { scopes }) } } };
    return toRecord((await ask(this.#connection, { method: "POST", ...request, body }, createdSchema)).data);
  }

  /** @param name how the key is called now, for messages */
  async edit(area: Area, id: string, name: string, change: KeyEdit): Promise<KeyRecord> {
    const verb = change.name === undefined ? "changing the scopes of" : "renaming";
    const request = this.#onKey("writes", area, id, verb, renamed(name, change.name));
    // Datadog uses null, not [], for "no restriction".
    const attributes = { ...change, scopes: change.scopes?.length === 0 ? null : change.scopes };
    const body = { data: { id, type: "application_keys", attributes } };
    const { data, included } = await ask(this.#connection, { method: "PATCH", ...request, body }, oneSchema);
    return this.#record(data, included);
  }

  /** @param name how the key is called, for messages */
  async delete(area: Area, id: string, name: string): Promise<void> {
    const request = this.#onKey("writes", area, id, "revoking", quoted(name));
    await this.#connection.send({ method: "DELETE", ...request });
  }

  /** The user whose application key is used. */
  async currentUser(): Promise<User> {
    return this.#user("/api/v2/current_user", {}, "the current user");
  }

  /** Any user or service account of the organisation. */
  async userById(id: string): Promise<User> {
    return this.#user("/api/v2/users/{id}", { id }, `user ${id}`, "user_access_read");
  }

  async #user(
    route: string,
    params: Readonly<Record<string, string>>,
    subject: string,
    permission?: string,
  ): Promise<User> {
    const doing = this.#doing("looking up", subject);
    const request = { route, params, doing, ...defined({ permission }) };
    const { data, included } = await ask(this.#connection, { method: "GET", ...request }, userAnswerSchema);
    return toUser(data, included);
  }

  async #pages(area: Area, sort: string): Promise<Pages<KeyRecord>> {
    const request = this.#connection.naming({
      method: "GET",
      ...this.#onKeys("reads", area, "listing", "the application keys"),
    });
    return listPages(request.doing, async (number): Promise<Page<KeyRecord>> => {
      const query = { ...pageQuery(number), sort };
      const { data, included, meta } = await ask(this.#connection, { ...request, query }, listSchema);
      return { items: data.map((item) => this.#record(item, included)), total: meta?.page?.total_filtered_count };
    });
  }

  #record(key: InferOutput<typeof keySchema>, included: InferOutput<typeof includedSchema> = []): KeyRecord {
    const id = key.relationships?.leak_information?.data?.id;
    if (id !== undefined) {
      const found = safeParse(
        leakSchema,
        included.find((item) => item.type === "leaked_keys" && item.id === id),
      );
      // Details of the leak may have any form. Its existence is what counts.
      const { date, leak_source: source } = (found.success ? found.output.attributes : undefined) ?? {};
      this.#seesLeak({ id: key.id, name: key.attributes.name, ...defined({ source, date }) });
    }
    return toRecord(key);
  }

  #onKeys(access: "reads" | "writes", area: Area, verb: string, subject: string) {
    const { collection, params, ...permissions } = pathsOf(area);
    return { route: collection, params, doing: this.#doing(verb, subject), permission: permissions[access] };
  }

  #onKey(access: "reads" | "writes", area: Area, id: string, verb: string, subject: string) {
    const { route, params, ...request } = this.#onKeys(access, area, verb, subject);
    return { ...request, route: `${route}/{id}`, params: { ...params, id } };
  }

  #doing(verb: string, subject: string) {
    return { verb, subject, site: this.#site };
  }
}

function toRecord({ id, attributes, relationships }: InferOutput<typeof keySchema>): KeyRecord {
  const { name, key, last4, created_at, scopes } = attributes;
  return defined({
    id,
    name,
    key,
    last4,
    createdAt: created_at,
    scopes: scopes === null ? [] : scopes,
    ownerId: relationships?.owned_by?.data?.id,
  });
}

function toUser(
  { id, attributes, relationships }: InferOutput<typeof userSchema>,
  included: InferOutput<typeof includedSchema> = [],
): User {
  const orgId = relationships?.org?.data?.id;
  const org = safeParse(
    orgSchema,
    included.find((item) => item.type === "orgs" && item.id === orgId),
  );
  const orgName = org.success ? org.output.attributes.name : undefined;
  return defined({ id, email: attributes?.email, handle: attributes?.handle, orgId, orgName });
}
