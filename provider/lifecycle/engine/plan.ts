import { type KeyRecord, last4Of } from "../../datadog/keys";
import { isAside } from "../model/aside-name";
import type { StoredKey } from "../finding/locate";

/**
 * What the engine has decided in this run, as far as its calls of check and diff tell. The engine calls diff for every
 * key of the state that is still in the program, before it creates, updates or deletes anything of it.
 */
export class Decisions {
  readonly #kept = new Map<string, StoredKey>();
  readonly #replaced = new Map<string, StoredKey>();
  /**
   * Names that keys of the state have, and how many of those were checked and not diffed: they are being replaced on the
   * user's order.
   */
  readonly #undiffed = new Map<string, number>();

  checked(heldName: unknown): void {
    if (typeof heldName === "string") this.#undiffed.set(heldName, (this.#undiffed.get(heldName) ?? 0) + 1);
  }

  diffed(stored: StoredKey, replaces: boolean): void {
    const { name } = stored.state;
    this.#undiffed.set(name, Math.max((this.#undiffed.get(name) ?? 0) - 1, 0));
    this.#kept.delete(stored.id);
    this.#replaced.delete(stored.id);
    (replaces ? this.#replaced : this.#kept).set(stored.id, stored);
  }

  /** Whether a resource of the program has this key and keeps it. */
  keeps(key: KeyRecord): boolean {
    return has(this.#kept, key);
  }

  /** Whether another resource keeps the key that one has: under the same id, or through the other version of the API. */
  keepsKeyOf({ id, state: { hash } }: StoredKey): boolean {
    return (
      this.#kept.has(id) || [...this.#kept.values()].some(({ state }) => hash !== undefined && state.hash === hash)
    );
  }

  /** Whether a diff of this run found that this very key is to be replaced. */
  replaces(key: KeyRecord): boolean {
    return has(this.#replaced, key);
  }

  /**
   * Whether the program ordered a replacement (the option `replaceWith`): the engine then checks a key against its old
   * inputs and never diffs it. `pulumi up --replace` cannot be told from a new resource: it checks without old inputs.
   */
  mayReplaceOnOrder(key: KeyRecord): boolean {
    return (this.#undiffed.get(key.name) ?? 0) > 0 && !this.keeps(key);
  }
}

function has(keys: ReadonlyMap<string, StoredKey>, key: KeyRecord): boolean {
  return keys.has(key.id) || [...keys.values()].some((stored) => isSame(stored, key));
}

/** A key that v1 made has another id in v2, but the same secret, of which v2 shows the end. */
export function isSame({ id, state }: StoredKey, key: KeyRecord): boolean {
  if (key.id === id || key.id === state.keyId) return true;
  if (state.hash === undefined) return false;
  if (key.key !== undefined) return key.key === state.hash;
  return (key.name === state.name || isAside(key, state.name)) && key.last4 === last4Of(state.hash);
}
