import type { Owner } from "../../datadog/v2";
import { claimedTwice } from "../model/errors";
import { ownerId } from "../model/stored-key";

/**
 * Names that resources of this run take. Two resources that want one name would otherwise adopt each other's key, or take
 * each other's for their own when an answer is lost.
 */
export class ReservedNames {
  readonly #holders = new Map<string, object | string>();
  readonly #site: string;

  constructor(site: string) {
    this.#site = site;
  }

  /**
   * @param holder who takes the name: the same one may take it again
   * @returns gives the name back, where nothing came of it
   * @throws LifecycleError where another resource has it
   */
  reserve(owner: Owner, name: string, holder: object | string): () => void {
    const key = `${ownerId(owner)}/${name}`;
    const current = this.#holders.get(key);
    if (current !== undefined && current !== holder) throw claimedTwice(name, this.#site);
    this.#holders.set(key, holder);
    return () => this.#holders.delete(key);
  }
}
