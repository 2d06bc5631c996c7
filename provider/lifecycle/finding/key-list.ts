import type { KeyRecord } from "../../datadog/keys";
import { Memo } from "./shared-promise";

/**
 * The keys that one list of Datadog's shows, fetched once a process and kept true to what this process does.
 * For creates it is the baseline: what it does not know and did not make has come since.
 */
export class Directory {
  readonly #listed: Memo<Map<string, KeyRecord>>;
  readonly #known = new Set<string>();
  #askedForOne = false;
  readonly #list: () => Promise<KeyRecord[]>;

  constructor(list: () => Promise<KeyRecord[]>) {
    this.#list = list;
    this.#listed = new Memo(async () => {
      const keys = new Map((await this.#list()).map((key) => [key.id, key]));
      for (const id of keys.keys()) this.#known.add(id);
      return keys;
    });
  }

  async find(id: string): Promise<KeyRecord | undefined> {
    return (await this.#listed.get()).get(id);
  }

  /** The same as of now: the list may be older than what a change of the key was answered. */
  async findAnew(id: string): Promise<KeyRecord | undefined> {
    if (!this.#listed.started) return this.find(id);
    // Not a new baseline: a key that a lost answer speaks of must stay a newcomer.
    const found = (await this.#list()).find((key) => key.id === id);
    if (!found) await this.remove(id);
    return found;
  }

  /**
   * The same for a key that may be the only one to be looked at: the first is asked for by itself, which is one small
   * request; as soon as there is a second, the list serves all, a hundred to a request.
   */
  async look(id: string, askForOne: () => Promise<KeyRecord | undefined>): Promise<KeyRecord | undefined> {
    if (this.#listed.started || this.#askedForOne) return this.find(id);
    this.#askedForOne = true;
    return askForOne();
  }

  async filter(fits: (key: KeyRecord) => boolean): Promise<KeyRecord[]> {
    const fitting: KeyRecord[] = [];
    // Each create asks: a copy of all keys for each of a thousand would be a million.
    for (const key of (await this.#listed.get()).values()) if (fits(key)) fitting.push(key);
    return fitting;
  }

  /** Asks Datadog once more, and gives what has come since the baseline and was not made by this process. */
  async newcomers(fits: (key: KeyRecord) => boolean): Promise<KeyRecord[]> {
    return (await this.#list()).filter((key) => !this.#known.has(key.id) && fits(key));
  }

  /** Notes a key that this process made or changed. */
  async put(key: KeyRecord): Promise<void> {
    this.#known.add(key.id);
    await this.#change((keys) => keys.set(key.id, { ...keys.get(key.id), ...key }));
  }

  /** Notes a key that this process revoked. */
  async remove(id: string): Promise<void> {
    await this.#change((keys) => keys.delete(id));
  }

  async #change(apply: (keys: Map<string, KeyRecord>) => void): Promise<void> {
    // A list that fails is told to whoever asked for it; what was just written to Datadog is no less done.
    if (this.#listed.started) await this.#listed.get().then(apply, () => undefined);
  }
}
