import { array, type InferOutput, nonEmpty, object, pipe, string } from "valibot";
import { defined } from "../defined";
import { ask, text, optionalText } from "./ask";
import type { ApiRequest } from "./api-request";
import type { Connection } from "./connection";
import { type KeyRecord, fingerprint, last4Of, renamed } from "./keys";
import type { Site } from "./sites";

const keySchema = object({
  hash: pipe(string(), nonEmpty()),
  name: string(),
  owner: optionalText,
});
const oneSchema = object({ application_key: object({ ...keySchema.entries, owner: text }) });
const listSchema = object({ application_keys: array(keySchema) });

/** For changes of a key whose owner v1's paths do not name. */
const ownersOrOthers = "user_app_keys, or org_app_keys_write where another user owns the key";

const collection = "/api/v1/application_key";
const single = "/api/v1/application_key/{key}";

/**
 * Datadog's original key endpoints. They identify a key by its secret, which becomes part of the URL. Reads therefore
 * use the list.
 * @see https://docs.datadoghq.com/api/latest/key-management/
 */
export class V1Keys {
  readonly #connection: Connection;
  readonly #site: Site;

  constructor(connection: Connection, site: Site) {
    this.#connection = connection;
    this.#site = site;
  }

  /** The caller's keys and, with the permission org_app_keys_read, everyone else's. */
  async list(): Promise<readonly KeyRecord[]> {
    const doing = { verb: "listing", subject: "the application keys (v1)", site: this.#site };
    const permission = "user_app_keys or org_app_keys_read";
    const request: ApiRequest = { method: "GET", route: collection, doing, permission, listsAll: true };
    return (await ask(this.#connection, request, listSchema)).application_keys.map(toRecord);
  }

  async create(name: string): Promise<KeyRecord> {
    const permission = "user_app_keys";
    return this.#one({
      method: "POST",
      route: collection,
      body: { name },
      ...this.#writing("creating", name),
      permission,
    });
  }

  /** @param name how the key is called now, for messages */
  async rename(key: string, name: string, newName: string): Promise<KeyRecord> {
    const body = { name: newName };
    return this.#one({
      method: "PUT",
      route: single,
      params: { key },
      body,
      ...this.#writing("renaming", name, newName),
    });
  }

  /** @param name how the key is called, for messages */
  async delete(key: string, name: string): Promise<void> {
    const request = { route: single, params: { key }, ...this.#writing("revoking", name) };
    await this.#connection.send({ method: "DELETE", ...request });
  }

  async #one(request: ApiRequest): Promise<KeyRecord> {
    return toRecord((await ask(this.#connection, request, oneSchema)).application_key);
  }

  #writing(verb: string, name: string, newName?: string) {
    return { doing: { verb, subject: `${renamed(name, newName)} (v1)`, site: this.#site }, permission: ownersOrOthers };
  }
}

function toRecord({ hash, name, owner }: InferOutput<typeof keySchema>): KeyRecord {
  return defined({ id: fingerprint(hash), name, key: hash, last4: last4Of(hash), owner });
}
