import { array, number, object, optional, string } from "valibot";
import { ask } from "./ask";
import type { Connection } from "./connection";
import { NotFoundError } from "./errors";
import { quoted } from "./keys";
import { type Page, listPages, pageQuery } from "./pages";
import type { Site } from "./sites";

const listSchema = object({
  data: array(object({ id: string() })),
  meta: optional(object({ total_filtered: optional(number()) })),
});

const collection = "/api/v2/actions/app_key_registrations";
const permission = "user_app_keys, user_access_manage or service_account_write";

/**
 * Keys registered for Actions API access. Workflow Automation, App Builder and Action Connections refuse others.
 * @see https://docs.datadoghq.com/api/latest/action-connection/
 */
export class Registrations {
  readonly #connection: Connection;
  readonly #site: Site;

  constructor(connection: Connection, site: Site) {
    this.#connection = connection;
    this.#site = site;
  }

  /** The UUIDs of all registered keys of the organisation, in lower case. */
  async list(): Promise<ReadonlySet<string>> {
    const doing = { verb: "listing", subject: "the application keys with Actions API access", site: this.#site };
    const request = this.#connection.naming({ method: "GET", route: collection, doing, permission });
    const registered = await listPages(request.doing, async (number): Promise<Page<{ readonly id: string }>> => {
      const page = { ...request, query: pageQuery(number) };
      const { data, meta } = await ask(this.#connection, page, listSchema);
      return { items: data, total: meta?.total_filtered };
    });
    return new Set((await registered.all()).map(({ id }) => id.toLowerCase()));
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
      if (!(error instanceof NotFoundError)) throw error;
    }
  }

  #of(id: string, verb: string, name: string) {
    const doing = { verb, subject: `${quoted(name)} for Actions API access`, site: this.#site };
    return { route: `${collection}/{id}`, params: { id }, doing, permission };
  }
}
