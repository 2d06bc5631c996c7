import { array, object, string } from "valibot";
import { ask } from "./ask";
import type { ApiRequest } from "./api-request";
import type { Connection } from "./connection";
import { NotFoundError } from "./errors";
import { pageSize } from "./key-pages";
import { quoted } from "./keys";
import type { Site } from "./sites";

const listSchema = object({ data: array(object({ id: string() })) });

const collection = "/api/v2/actions/app_key_registrations";
const permission = "user_app_keys, user_access_manage or service_account_write";

/**
 * Keys that are registered for Actions API access: Workflow Automation, App Builder and Action Connections refuse others.
 * @see https://docs.datadoghq.com/api/latest/action-connection/
 */
export class Registrations {
  readonly #connection: Connection;
  readonly #site: Site;

  constructor(connection: Connection, site: Site) {
    this.#connection = connection;
    this.#site = site;
  }

  /** The UUIDs of all registered keys of the organisation, in small letters. */
  async list(): Promise<ReadonlySet<string>> {
    const doing = { verb: "listing", subject: "the application keys with Actions API access", site: this.#site };
    const ids = new Set<string>();
    for (let number = 0; ; number += 1) {
      const query = { "page[size]": String(pageSize), "page[number]": String(number) };
      const request: ApiRequest = { method: "GET", route: collection, query, doing, permission };
      const { data } = await ask(this.#connection, request, listSchema);
      const known = ids.size;
      for (const { id } of data) ids.add(id.toLowerCase());
      // A page that says nothing new comes from a server that does not know of pages.
      if (data.length < pageSize || ids.size === known) return ids;
    }
  }

  /** Registering a key again changes nothing. @param name how the key is called, for messages */
  async add(id: string, name: string): Promise<void> {
    await this.#connection.send({ method: "PUT", ...this.#of(id, "registering", name) });
  }

  /** Does not mind a key that was never registered. @param name how the key is called, for messages */
  async remove(id: string, name: string): Promise<void> {
    try {
      await this.#connection.send({ method: "DELETE", ...this.#of(id, "unregistering", name) });
    } catch (error) {
      if (!(error instanceof NotFoundError && error.inDatadogsWords)) throw error;
    }
  }

  #of(id: string, verb: string, name: string) {
    const doing = { verb, subject: `${quoted(name)} for Actions API access`, site: this.#site };
    return { route: `${collection}/{id}`, params: { id }, doing, permission };
  }
}
