import type { DatadogError } from "../../datadog/errors";
import type { KeyRecord } from "../../datadog/keys";
import { previousOf } from "../model/replaced-keys";
import { type CheckedInputs, type KeyInputs, isUnknown } from "../model/inputs";
import { type Home, belongsTo, uniqueNameOf, resourceOf, sameHome } from "../model/resource";
import { type Role, type StoredKey, idsOf, idsOfRecord, isSameKey, isShownAs } from "../model/stored-key";
import { Lock } from "./lock";
import type { OwnWrites } from "./own-writes";

/** Inputs of a key as the engine passes them. */
export type Inputs = Partial<KeyInputs> & Pick<CheckedInputs, "__resource" | "__credentials">;

/** What this run knows about one resource of the program. */
export class Entry {
  /** Its inputs in the state. Undefined for a resource that is new, or that the engine treats as new. */
  olds?: Inputs;
  wants?: CheckedInputs;
  /** Its key in the state, as a read or a diff showed it. */
  stored?: StoredKey | undefined;
  /** Whether the resource keeps that key or gets another one. Undefined until the engine's calls show it. */
  fate?: "kept" | "replaced";
  /** Whether the resource has lost its key: it was deleted before its replacement, or cannot be found. */
  keyless = false;
  /** The result of a create in this run, even an unfinished one. */
  made?: StoredKey;
  /** Whether a create is running. */
  creating = false;
  /** Where a create of this run puts its key. */
  home?: Home;
  /** A key that a create of this run is adopting. */
  adopting?: StoredKey | undefined;
  /** Whether the engine has checked the resource since its last create. If not, a hook is retrying the create. */
  checkedSince = true;
  /** The failure of a create while its result is unknown. */
  unanswered?: DatadogError | undefined;
  /** Allows one write to the resource's key at a time. */
  readonly lock = new Lock();

  constructor(readonly resource: string) {}

  /**
   * Whether the resource is replaced and no call says which key it has, because the user ordered the replacement
   * (`replaceWith`, `replacementTrigger`) without a refresh.
   */
  get replacesUnknownKey(): boolean {
    return this.olds !== undefined && this.fate === "replaced" && this.stored === undefined && !this.keyless;
  }

  /** The key that the resource has and keeps, as far as the calls show it. */
  get live(): StoredKey | undefined {
    return this.made ?? this.adopting ?? (this.fate === "kept" ? this.stored : undefined);
  }

  /** The resource's key until its successor exists. */
  get replaced(): StoredKey | undefined {
    return this.fate === "replaced" && !this.keyless ? this.stored : undefined;
  }
}

/** A resource that gives up a name in this run. `stored` is undefined if no call says which key it has. */
export interface NameGiver {
  readonly entry: Entry;
  readonly stored: StoredKey | undefined;
}

/**
 * What this run knows of each resource, by identity. test/engine/traces records what the engine calls for each command.
 * What the ledger relies on:
 * - A resource of the program is checked with its old inputs and then compared (diff). A diff without this check belongs
 *   to a refresh, or asks what depends on a key. It decides nothing.
 * - A resource that is replaced is then checked once more, without old inputs. With `replaceWith` and
 *   `replacementTrigger` there is no diff between the two.
 * - With `--replace`, and after `pulumi state taint`, the only check is one without old inputs, as for a new resource.
 * - Each resource is checked before it is created. A hook that tries a create again does not check again.
 * - A refresh before an `up` reads in the same process, unless the configuration has changed since the last `up`.
 */
export class Ledger {
  readonly #entries = new Map<string, Entry>();
  /**
   * Resources by the unique name that they want, because a thousand checks must not compare a thousand entries each.
   */
  readonly #wanting = new Map<string, Set<Entry>>();
  /** Current and previous keys of the state and of this run, by each of their ids. */
  readonly #tracked = new Map<string, StoredKey>();
  readonly #writes: OwnWrites;

  constructor(writes: OwnWrites) {
    this.#writes = writes;
  }

  /** The entry of the resource with these inputs. */
  entryOf(inputs: Inputs): Entry {
    const resource = resourceOf(inputs);
    const entry = this.#entries.get(resource) ?? new Entry(resource);
    this.#entries.set(resource, entry);
    return entry;
  }

  /** @param inputs what the check answered */
  recordCheck(olds: Inputs, inputs: Inputs): Entry {
    const entry = this.entryOf(inputs);
    this.#wants(entry, inputs as CheckedInputs);
    entry.checkedSince = true;
    if (olds.name !== undefined) {
      entry.olds = olds;
      delete entry.fate;
    } else if (entry.olds) {
      entry.fate = "replaced";
    }
    return entry;
  }

  #wants(entry: Entry, wants: CheckedInputs): void {
    if (entry.wants) this.#wanting.get(uniqueNameOf(entry.wants) ?? "")?.delete(entry);
    entry.wants = wants;
    const uniqueName = uniqueNameOf(wants);
    if (uniqueName === undefined) return;
    const others = this.#wanting.get(uniqueName) ?? new Set();
    this.#wanting.set(uniqueName, others.add(entry));
  }

  #wantingName(uniqueName: string | undefined): Entry[] {
    return [...(this.#wanting.get(uniqueName ?? "") ?? [])];
  }

  /**
   * Records a diff.
   * @returns another resource that keeps the same key
   */
  recordDiff(stored: StoredKey, news: Inputs, replaces: boolean): Entry | undefined {
    this.recordState(stored);
    const entry = this.entryOf(news);
    if (!entry.olds || entry.fate !== undefined) return undefined;
    entry.stored = stored;
    entry.fate = replaces ? "replaced" : "kept";
    return replaces ? undefined : this.holderOf(stored, entry);
  }

  /** Records a key of the state. */
  recordState(stored: StoredKey): void {
    const previous = previousOf(stored);
    for (const key of previous ? [stored, previous] : [stored]) for (const id of idsOf(key)) this.#tracked.set(id, key);
  }

  /** Records a key that a refresh reads. It shows which key a resource has, even if its replacement is ordered later. */
  recordRead(stored: StoredKey): void {
    this.recordState(stored);
    if (stored.state.__resource !== undefined) this.entryOf(stored.state).stored = stored;
  }

  /** Records the key of a create or an update, finished or not. */
  recordResult(entry: Entry, stored: StoredKey): void {
    this.recordState(stored);
    if (!entry.creating) {
      entry.stored = stored;
      return;
    }
    entry.made = stored;
    entry.checkedSince = false;
  }

  /** Returns the entry of a resource that is being updated. */
  startUpdate(stored: StoredKey, news: Inputs): Entry {
    const entry = this.entryOf(news);
    if (!entry.wants) this.#wants(entry, news as CheckedInputs);
    entry.stored ??= stored;
    entry.fate ??= "kept";
    return entry;
  }

  recordDelete(stored: StoredKey): void {
    for (const entry of this.#entries.values())
      if (!entry.made && entry.olds && (entry.stored ? isSameKey(entry.stored, stored) : belongsTo(stored, entry.olds)))
        entry.keyless = true;
  }

  /**
   * Records where a create puts its key.
   * @returns another resource that creates or has a key of the same name there, because two connections may lead to one
   * organisation
   */
  claim(entry: Entry, home: Home): Entry | undefined {
    entry.home = home;
    const { wants } = entry;
    const isRival = (other: Entry) =>
      other !== entry &&
      other.wants !== undefined &&
      other.wants.name === wants?.name &&
      other.wants.serviceAccountId?.toLowerCase() === wants.serviceAccountId?.toLowerCase() &&
      ((other.creating && other.home !== undefined && sameHome(other.home, home)) ||
        (other.live !== undefined && sameHome(other.live.state, home)));
    return [...this.#entries.values()].find(isRival);
  }

  /** Another resource of the program that wants the same name for the same owner, unless both have always had it. */
  rivalOf(entry: Entry): Entry | undefined {
    const { wants } = entry;
    const uniqueName = wants && uniqueNameOf(wants);
    if (uniqueName === undefined) return undefined;
    const hadIt = ({ olds }: Entry) =>
      olds !== undefined && uniqueNameOf({ site: wants?.site, ...olds }) === uniqueName;
    return this.#wantingName(uniqueName).find((other) => other !== entry && !(hadIt(entry) && hadIt(other)));
  }

  /**
   * A new resource that adopts a key of the name that this resource gives up. If this one depends on it, this one is
   * checked only after its own key has been adopted.
   */
  adopterOf({ olds, wants }: Entry): Entry | undefined {
    if (!wants || olds?.name === undefined || isUnknown(wants.name) || olds.name === wants.name) return undefined;
    const uniqueName = uniqueNameOf({ site: wants.site, ...olds });
    return this.#wantingName(uniqueName).find((other) => other.olds === undefined && Boolean(other.wants?.adopt));
  }

  /**
   * The resource of the run that has the key and keeps it.
   * @param except a resource that does not count. An id, which {@link keeperOf} takes too, leaves out none
   */
  holderOf(stored: StoredKey, except?: Entry | string): Entry | undefined {
    return [...this.#entries.values()].find((entry) => entry !== except && entry.live && isSameKey(entry.live, stored));
  }

  /** The same for a key from Datadog. */
  holderOfRecord(key: KeyRecord): Entry | undefined {
    return [...this.#entries.values()].find((entry) => isShown(entry, entry.live, key));
  }

  /** Whether a key gives up its name in this run, because its resource gets another key or wants another name. */
  givesUpName(key: KeyRecord): boolean {
    return [...this.#entries.values()].some(
      (entry) =>
        isShown(entry, entry.replaced, key) ||
        (entry.fate === "kept" && wantsAnother(entry, key.name) && isShown(entry, entry.stored, key)),
    );
  }

  /** The resources of an organisation that give up a name in this run and still have it. */
  nameGivers(name: string, home: Home): NameGiver[] {
    const givers: NameGiver[] = [];
    for (const entry of this.#entries.values()) {
      const { stored, olds, wants } = entry;
      if (entry.replacesUnknownKey) {
        if (olds?.name === name && sameHome({ ...(wants && { site: wants.site }), ...olds }, home))
          givers.push({ entry, stored: undefined });
      } else if (stored && (entry.replaced || (entry.fate === "kept" && wantsAnother(entry, name)))) {
        const isThere = this.nameOf(stored) === name && !this.#writes.hasRevoked(idsOf(stored));
        if (isThere && sameHome(stored.state, home)) givers.push({ entry, stored });
      }
    }
    return givers;
  }

  /** The current name of a key: the last one that this process gave it, or else the state's. */
  nameOf(stored: StoredKey): string {
    return this.#writes.nameOf(idsOf(stored)) ?? stored.state.name;
  }

  /**
   * The resource that keeps this key as its previous key when the run ends.
   * @param leaving the resource that no longer needs the key: its entry, or its id if it is being deleted
   */
  keeperOf(stored: StoredKey, leaving: Entry | string): Entry | undefined {
    return [...this.#entries.values()].find((entry) => {
      if (entry === leaving) return false;
      const { live, replaced } = entry;
      // A replaced resource has its keys until its successor exists. Another resource may have adopted the deleted one's.
      const now = live ?? (replaced?.id === leaving ? undefined : replaced);
      const previous = now && previousOf(now);
      return previous !== undefined && isSameKey(previous, stored);
    });
  }

  /** Whether a resource of the state keeps this key as its previous key. */
  isPrevious(key: KeyRecord): boolean {
    return [...this.#tracked.values()].some((stored) => {
      const previous = previousOf(stored);
      return previous !== undefined && isShownAs(previous, key);
    });
  }

  /** Whether a key from Datadog is the current or previous key of a resource, in the state or created by this run. */
  knows(key: KeyRecord): boolean {
    return this.keyOf(key) !== undefined || this.givesUpName(key);
  }

  /** The key of the state or of this run that Datadog shows. */
  keyOf(key: KeyRecord): StoredKey | undefined {
    const [id] = idsOfRecord(key).filter((one) => this.#tracked.has(one));
    if (id !== undefined) return this.#tracked.get(id);
    return [...this.#tracked.values()].find((stored) => isShownAs(stored, key));
  }

  /** The key with this id in the state. */
  keyById(id: string): StoredKey | undefined {
    return this.#tracked.get(id);
  }

  /** The role of a key in its resource. Undefined if the state does not have the id, or this run replaces the key. */
  roleOf(id: string): Role | undefined {
    const stored = this.#tracked.get(id);
    if (!stored) return undefined;
    const isPrevious = [...this.#tracked.values()].some((one) => previousOf(one)?.id === stored.id);
    const isReplaced = [...this.#entries.values()].some(({ replaced }) => replaced && isSameKey(replaced, stored));
    if (!isPrevious && isReplaced) return undefined;
    return { isPrevious, keepPrevious: stored.state.keepPrevious ?? false };
  }
}

/** Whether a key from Datadog is a resource's key, by its current name or its name before this run. */
function isShown({ olds }: Entry, stored: StoredKey | undefined, key: KeyRecord): boolean {
  if (stored === undefined) return false;
  const names = [stored.state.name, ...(olds?.name === undefined ? [] : [olds.name])];
  return names.some((name) => isShownAs({ ...stored, state: { ...stored.state, name } }, key));
}

function wantsAnother({ wants }: Entry, name: string): boolean {
  return wants !== undefined && wants.name !== name && !isUnknown(wants.name);
}
