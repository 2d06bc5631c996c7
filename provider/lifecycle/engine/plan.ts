import type { KeyRecord } from "../../datadog/keys";
import { canonical } from "../model/canonical";
import { previousOf } from "../model/previous";
import { type CheckedInputs, type KeyInputs, isUnknown } from "../model/properties";
import { type Role, type StoredKey, idsOf, isSame } from "../model/stored-key";

type Inputs = Readonly<Record<string, unknown>>;

/** A check of a resource that is in the program. */
interface Check {
  /** What the state has as its inputs; undefined for a resource that is new, or that the engine treats as new. */
  readonly olds: Inputs | undefined;
  diffed: boolean;
  /** Whether a create has followed. */
  created: boolean;
}

/** A key of the state that its resource keeps, under the name that the program says. */
interface Kept {
  readonly stored: StoredKey;
  /** The same before this run changed it: late reads show it as it was. */
  readonly before?: StoredKey;
  readonly name: string;
}

/** A key of the state whose resource gets another one. */
interface Replaced {
  readonly stored: StoredKey;
  /** The inputs of the one that is to come. */
  readonly news: string;
  readonly hasSuccessor?: true;
}

/** What a create is about to do, as far as the engine's calls tell. */
export interface Creation {
  /** The key that it replaces, where a diff decided that. */
  readonly replaces?: StoredKey | undefined;
  /** The old inputs of the key that it replaces on the user's order: nobody says which key that is. */
  readonly replacesOnOrder?: Partial<KeyInputs> | undefined;
  /** No check came since the last create of these inputs: a resource hook has it tried again. */
  readonly repeated: boolean;
}

/** A key that gives up its name in this run: for another name, or, with `to` undefined, for its successor. */
export interface Leaving {
  readonly stored: StoredKey;
  readonly to: string | undefined;
}

/**
 * What the engine plans to do in this run, as far as its calls tell; test/engine/traces has them for each command. What is
 * relied on:
 * - a resource that is in the program is checked with its old inputs and then compared (diff), both with the same new
 *   inputs. A diff without such a check is a refresh's, or asks what depends on a key: it decides nothing;
 * - where a resource is replaced on order (`replaceWith`, `replacementTrigger`), it is checked with its old inputs and
 *   never compared;
 * - with `--replace` or a taint it is checked without old inputs, as a new one is: the two cannot be told apart;
 * - each resource is checked before it is created; a hook that has the create tried again does not check again.
 */
export class Plan {
  readonly #checks = new Map<string, Check[]>();
  readonly #kept = new Map<string, Kept>();
  readonly #replaced = new Map<string, Replaced>();
  /** What creates of this run have put into the state, by id. */
  readonly #made = new Map<string, StoredKey>();
  /** Keys that are kept beside the one that has replaced them, by the id of that one. */
  readonly #previous = new Map<string, StoredKey>();
  /** The keys of the state, by each of their ids. */
  readonly #seen = new Map<string, StoredKey>();

  /** @param inputs the inputs that the check answered with */
  checked(olds: Inputs | undefined, inputs: Inputs): void {
    const key = canonical(inputs);
    const check = { olds: olds && Object.keys(olds).length > 0 ? olds : undefined, diffed: false, created: false };
    this.#checks.set(key, [...(this.#checks.get(key) ?? []), check]);
  }

  diffed(stored: StoredKey, news: Inputs, replaces: boolean): void {
    this.sees(stored);
    const key = canonical(news);
    const check = this.#checks.get(key)?.find(({ olds, diffed }) => olds && !diffed);
    if (!check) return;
    check.diffed = true;
    this.#kept.delete(stored.id);
    this.#replaced.delete(stored.id);
    if (replaces) this.#replaced.set(stored.id, { stored, news: key });
    else this.#kept.set(stored.id, { stored, name: (news as unknown as CheckedInputs).name });
  }

  /** Notes what the engine says of a key of the state. */
  sees(stored: StoredKey): void {
    const previous = previousOf(stored);
    for (const key of previous ? [stored, previous] : [stored]) for (const id of idsOf(key)) this.#seen.set(id, key);
    if (previous) this.#previous.set(stored.id, previous);
    else this.#previous.delete(stored.id);
  }

  /** Notes that a key of the state was changed in place. */
  changed(stored: StoredKey): void {
    this.sees(stored);
    const kept = this.#kept.get(stored.id);
    if (kept) this.#kept.set(stored.id, { before: kept.stored, ...kept, stored });
  }

  /** Notes what a create has put into the state, even if its work is not finished. */
  made(stored: StoredKey, { replaces }: Creation): void {
    this.sees(stored);
    this.#made.set(stored.id, stored);
    const replaced = replaces && this.#replaced.get(replaces.id);
    if (replaced) this.#replaced.set(replaced.stored.id, { ...replaced, hasSuccessor: true });
  }

  /** Notes a key that is deleted before it is replaced: nothing is left for its successor to replace on order. */
  deleted({ state }: StoredKey): void {
    for (const check of [...this.#checks.values()].flat())
      if (check.olds?.["name"] === state.name && !check.diffed) check.diffed = true;
  }

  /** Takes a create up. */
  creates(inputs: Inputs): Creation {
    const key = canonical(inputs);
    const checks = this.#checks.get(key) ?? [];
    const repeated = checks.length > 0 && checks.every(({ created }) => created);
    for (const check of checks) check.created = true;
    const ordered = checks.find(({ olds, diffed }) => olds && !diffed)?.olds;
    const replaces = [...this.#replaced.values()].find(({ news }) => news === key)?.stored;
    return { replaces, replacesOnOrder: ordered, repeated };
  }

  /** Whether the state has a key under that id, as far as this run has seen it. */
  knows(id: string): boolean {
    return this.#seen.has(id);
  }

  /** What a key is to its resource; undefined where the state has none of that id, or this run replaces it. */
  roleOf(id: string): Role | undefined {
    const isPrevious = [...this.#previous.values()].some((previous) => idsOf(previous).includes(id));
    const stored = this.#seen.get(id);
    if (!stored || (!isPrevious && this.#replaced.has(stored.id))) return undefined;
    return { isPrevious, keepPrevious: stored.state.keepPrevious ?? false };
  }

  /** Whether a resource of the program keeps this key under the name that it has. */
  keeps(key: KeyRecord): boolean {
    return [...this.#kept.values()].some(
      ({ stored, name }) => (name === key.name || isUnknown(name)) && isSame(stored, key),
    );
  }

  /** Whether a resource that stays in the program surely has the key that another one has. */
  keepsKeyOf(stored: StoredKey): boolean {
    const ids = idsOf(stored);
    return [...this.#kept.values()].some((kept) => idsOf(kept.stored).some((id) => ids.includes(id)));
  }

  /** Whether a resource of the state keeps this key beside the one that has replaced it. */
  isPrevious(key: KeyRecord): boolean {
    return [...this.#previous.values()].some((previous) => isSame(previous, key));
  }

  /**
   * Whether a resource that stays surely has that key as its previous one.
   * @param deleted the id of the resource that is deleted
   */
  keepsAsPrevious(stored: StoredKey, deleted: string): boolean {
    const ids = idsOf(stored);
    // One that is to be replaced stays until its successor is there.
    const replaced = [...this.#replaced.values()].filter(({ hasSuccessor }) => !hasSuccessor);
    const staying = [...this.#kept.values(), ...replaced].map((holder) => holder.stored);
    return [...staying, ...this.#made.values()].some((holder) => {
      const previous = holder.id === deleted ? undefined : previousOf(holder);
      return previous !== undefined && idsOf(previous).some((id) => ids.includes(id));
    });
  }

  /** Whether a key makes room in this run: it is replaced, or renamed. */
  makesRoom(key: KeyRecord): boolean {
    return (
      [...this.#replaced.values()].some(({ stored }) => isSame(stored, key)) ||
      [...this.#kept.values()].some(
        ({ stored, before, name }) =>
          leaves(key.name, name) && (isSame(stored, key) || (before !== undefined && isSame(before, key))),
      )
    );
  }

  /** The keys of an organisation that give up a name in this run. */
  leaving(name: string, { site, connection }: Pick<CheckedInputs, "site" | "connection">): Leaving[] {
    const here = ({ state }: StoredKey) =>
      state.name === name && state.site === site && state.connection === connection;
    const replaced = [...this.#replaced.values()].filter(({ stored }) => here(stored));
    const renamed = [...this.#kept.values()].filter((kept) => here(kept.stored) && leaves(name, kept.name));
    return [
      ...replaced.map(({ stored }) => ({ stored, to: undefined })),
      ...renamed.map(({ stored, name: to }) => ({ stored, to })),
    ];
  }
}

function leaves(name: string, to: string): boolean {
  return to !== name && !isUnknown(to);
}
