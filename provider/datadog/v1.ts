import * as v from "valibot";
import type { Connection } from "./connection";
import { decode } from "./decode";
import { type KeyRecord, fingerprint, last4Of, quoted } from "./keys";
import type { Site } from "./sites";

const keySchema = v.object({
  hash: v.pipe(v.string(), v.nonEmpty()),
  name: v.string(),
  owner: v.optional(v.nullable(v.string())),
});
const oneSchema = v.object({ application_key: v.object({ ...keySchema.entries, owner: v.string() }) });
const listSchema = v.object({ application_keys: v.array(keySchema) });

const collection = "/api/v1/application_key";
const single = "/api/v1/application_key/{key}";

/**
 * Datadog's original key endpoints. They know a key by its secret, which so becomes part of the URL: reading goes
 * through the list.
 * @see https://docs.datadoghq.com/api/latest/key-management/
 */
export class V1Keys {
  constructor(
    private readonly connection: Connection,
    private readonly site: Site,
  ) {}

  /** The keys of the caller and, with the permission org_app_keys_read, everybody else's. */
  async list(): Promise<KeyRecord[]> {
    const doing = { verb: "listing", subject: "the application keys (v1)", site: this.site };
    const answer = await this.connection.send({
      method: "GET",
      route: collection,
      doing,
      permission: "user_app_keys or org_app_keys_read",
    });
    return decode(listSchema, answer, doing).application_keys.map(toRecord);
  }

  async create(name: string): Promise<KeyRecord> {
    const doing = this.doing("creating", name);
    const answer = await this.connection.send({
      method: "POST",
      route: collection,
      body: { name },
      doing,
      permission: "user_app_keys",
    });
    return toRecord(decode(oneSchema, answer, doing).application_key);
  }

  /** @param name how the key is called now, for messages */
  async rename(key: string, name: string, newName: string): Promise<KeyRecord> {
    const doing = this.doing("renaming", name);
    const answer = await this.connection.send({
      method: "PUT",
      route: single,
      params: { key },
      body: { name: newName },
      doing,
      permission: "user_app_keys",
    });
    return toRecord(decode(oneSchema, answer, doing).application_key);
  }

  /** @param name how the key is called, for messages */
  async delete(key: string, name: string): Promise<void> {
    const doing = this.doing("revoking", name);
    await this.connection.send({
      method: "DELETE",
      route: single,
      params: { key },
      doing,
      permission: "user_app_keys",
    });
  }

  private doing(verb: string, name: string) {
    return { verb, subject: `${quoted(name)} (v1)`, site: this.site };
  }
}

function toRecord({ hash, name, owner }: v.InferOutput<typeof keySchema>): KeyRecord {
  return { id: fingerprint(hash), name, key: hash, last4: last4Of(hash), ...(owner && { owner }) };
}
