import type { Clock } from "../../datadog/clock";
import type { KeyRecord } from "../../datadog/keys";
import type { Pages } from "../../datadog/pages";
import type { OwnWrites } from "../run/own-writes";
import { type Look, ListCache } from "./list-cache";

/** The source of a list. */
export interface ListSource {
  /** Oldest keys first. */
  list(): Promise<Pages<KeyRecord>>;
  /** Newest keys first. A list without it has one page. */
  newest?(): Promise<Pages<KeyRecord>>;
}

type Predicate = (key: KeyRecord) => boolean;

/**
 * One of Datadog's lists of keys. What is known of it before a create is the baseline. A key that appears later and was not
 * created by this process is a newcomer. Every list includes this process's own writes, because Datadog's reads may be
 * older.
 */
export class KeyList {
  readonly #looks: ListCache;
  readonly #newest: ListCache;
  /** Keys created or adopted by this process, which the baseline need not show. */
  readonly #made = new Map<string, KeyRecord>();
  /** Whether a key of this list has been read on its own. */
  #hasReadOne = false;
  readonly #writes: OwnWrites;

  constructor(clock: Clock, source: ListSource, writes: OwnWrites) {
    const newest = source.newest?.bind(source) ?? source.list.bind(source);
    this.#writes = writes;
    this.#looks = new ListCache(clock, async () => (await source.list()).all());
    this.#newest = new ListCache(clock, async () => this.#newcomersFirst(await newest()));
  }

  /** The latest list of this process, and the keys that this process has created since. */
  async baseline(): Promise<Listed> {
    return new Listed(await this.#looks.latest(), this.#writes, this.#made);
  }

  /** The first list of this process. */
  async first(): Promise<Listed> {
    return new Listed(await this.#looks.first(), this.#writes);
  }

  /** A list that was requested after that moment of the clock. Waits if the moment is in the future. */
  async since(moment: number): Promise<Listed> {
    return new Listed(await this.#looks.since(moment), this.#writes);
  }

  /** Matching keys that the baseline does not have, in a list that was requested after that moment. */
  async newcomersSince(moment: number, baseline: Listed, predicate: Predicate): Promise<KeyRecord[]> {
    const newest = new Listed(await this.#newest.since(moment), this.#writes);
    return newest.filter((key) => !baseline.has(key.id) && !this.#made.has(key.id) && predicate(key));
  }

  /** True for the first key that is looked up, which is read on its own. From the second on, the list serves all. */
  takeSingleRead(): boolean {
    const isFirst = !this.#looks.started && !this.#hasReadOne;
    this.#hasReadOne = true;
    return isFirst;
  }

  /** Records a key that this process created or adopted. */
  add(key: KeyRecord): void {
    this.#made.set(key.id, key);
  }

  /** The newest page, and more pages only while they show nothing but newcomers. */
  async #newcomersFirst(pages: Pages<KeyRecord>): Promise<readonly KeyRecord[]> {
    const { keys: known } = await this.#looks.first();
    return pages.first.every(({ id }) => !known.has(id) && !this.#made.has(id)) ? pages.all() : pages.first;
  }
}

/** One look at a list, updated with this process's own writes. */
export class Listed {
  readonly answeredAt: number;
  readonly #keys: ReadonlyMap<string, KeyRecord>;
  readonly #writes: OwnWrites;
  readonly #made: ReadonlyMap<string, KeyRecord>;

  /** @param made keys that are in the list even if Datadog did not show them */
  constructor({ answeredAt, keys }: Look, writes: OwnWrites, made: ReadonlyMap<string, KeyRecord> = new Map()) {
    this.answeredAt = answeredAt;
    this.#keys = keys;
    this.#writes = writes;
    this.#made = made;
  }

  /** Whether Datadog showed the key, whatever became of it. */
  has(id: string): boolean {
    return this.#keys.has(id);
  }

  find(id: string): KeyRecord | undefined {
    const key = this.#made.get(id) ?? this.#keys.get(id);
    return key && this.#writes.over(key);
  }

  all(): KeyRecord[] {
    return this.filter(() => true);
  }

  filter(predicate: Predicate): KeyRecord[] {
    const matching: KeyRecord[] = [];
    const consider = (shown: KeyRecord) => {
      const key = this.#writes.over(shown);
      if (key && predicate(key)) matching.push(key);
    };
    // Each of a thousand creates asks, and copying all keys every time would make a million copies.
    this.#made.forEach(consider);
    for (const key of this.#keys.values()) if (!this.#made.has(key.id)) consider(key);
    return matching;
  }
}
