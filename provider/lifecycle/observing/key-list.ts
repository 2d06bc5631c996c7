import type { Clock } from "../../datadog/clock";
import type { KeyRecord } from "../../datadog/keys";
import type { Pages } from "../../datadog/pages";
import { secondLookMs } from "../../datadog/patience";
import type { OwnWrites } from "../run/own-writes";
import { ListCache } from "./list-cache";
import { SharedPromise } from "./shared-promise";

/** The source of a list. */
export interface ListSource {
  /** Oldest keys first. */
  list(): Promise<Pages<KeyRecord>>;
  /** Newest keys first. A list without it has one page. */
  newest?(): Promise<Pages<KeyRecord>>;
}

type Predicate = (key: KeyRecord) => boolean;

/**
 * One of Datadog's lists of keys. Its first result is the baseline. A key that appears later and was not created by
 * this process is a newcomer. Every list includes this process's own writes, because Datadog's reads may be older.
 */
export class KeyList {
  readonly #baseline: SharedPromise<Map<string, KeyRecord>>;
  readonly #looks: ListCache;
  readonly #newest: ListCache;
  /** Ids in the baseline or created by this process. */
  readonly #known = new Set<string>();
  /** Keys created by this process, which the baseline cannot show. */
  readonly #made = new Map<string, KeyRecord>();
  /** Whether a key of this list has been read on its own. */
  #hasReadOne = false;
  readonly #clock: Clock;
  readonly #writes: OwnWrites;

  constructor(clock: Clock, source: ListSource, writes: OwnWrites) {
    const newest = source.newest?.bind(source) ?? source.list.bind(source);
    this.#clock = clock;
    this.#writes = writes;
    this.#looks = new ListCache(clock, async () => (await source.list()).all());
    this.#newest = new ListCache(clock, () => this.#newcomersFirst(newest));
    this.#baseline = new SharedPromise(() => this.#takeBaseline(source));
  }

  async #takeBaseline(source: ListSource): Promise<Map<string, KeyRecord>> {
    const shown = await this.#looks.look(async () => (await source.list()).all());
    for (const { id } of shown) this.#known.add(id);
    return new Map(shown.map((key) => [key.id, key]));
  }

  /** The key of that id in the baseline. */
  async findInBaseline(id: string): Promise<KeyRecord | undefined> {
    const baseline = await this.#baseline.get();
    return this.#now(this.#made.get(id) ?? baseline.get(id));
  }

  /** The matching keys of the baseline. */
  async filterBaseline(predicate: Predicate): Promise<KeyRecord[]> {
    const baseline = await this.#baseline.get();
    return [...this.#matching(this.#made, predicate), ...this.#matching(baseline, predicate)];
  }

  /** The key of that id. The first key is read on its own. From the second on, the list serves all. */
  async lookUp(id: string, readOne: () => Promise<KeyRecord | undefined>): Promise<KeyRecord | undefined> {
    if (this.#baseline.started || this.#hasReadOne) return this.findInBaseline(id);
    this.#hasReadOne = true;
    return readOne();
  }

  /**
   * A second look for a missed key. Undefined if that look, some seconds later, misses it too.
   * @param notBefore the earliest time of the second look, because a young key may not show yet
   */
  async findMissed(id: string, notBefore: number): Promise<KeyRecord | undefined> {
    const called = this.#clock.now();
    const first = await this.#looks.first();
    const seen = first.keys.get(id);
    if (seen && first.askedAt >= called) return this.#now(seen);
    const missedAt = seen ? this.#clock.now() : first.answeredAt;
    return this.findSince(Math.max(missedAt + secondLookMs, notBefore), id);
  }

  /**
   * The matching keys in a second look, some seconds after the first one missed the wanted key.
   * @param notBefore as for {@link findMissed}
   */
  async filterMissed(notBefore: number, predicate: Predicate): Promise<KeyRecord[]> {
    const { answeredAt } = await this.#looks.first();
    return this.filterSince(Math.max(answeredAt + secondLookMs, notBefore), predicate);
  }

  /** The key of that id in a list that was requested after that moment. */
  async findSince(moment: number, id: string): Promise<KeyRecord | undefined> {
    const { keys } = await this.#looks.since(moment);
    return this.#now(keys.get(id));
  }

  /** The matching keys in a list that was requested after that moment. */
  async filterSince(moment: number, predicate: Predicate): Promise<KeyRecord[]> {
    const { keys } = await this.#looks.since(moment);
    return this.#matching(keys, predicate);
  }

  /** Matching newcomers, in a list that was requested after that moment. */
  async newcomersSince(moment: number, predicate: Predicate): Promise<KeyRecord[]> {
    const { keys } = await this.#newest.since(moment);
    return this.#matching(keys, (key) => !this.#known.has(key.id) && predicate(key));
  }

  /** Records a key that this process created or adopted. */
  add(key: KeyRecord): void {
    this.#known.add(key.id);
    this.#made.set(key.id, key);
  }

  #matching(keys: ReadonlyMap<string, KeyRecord>, predicate: Predicate): KeyRecord[] {
    const matching: KeyRecord[] = [];
    // Each of a thousand creates asks, and copying all keys every time would make a million copies.
    for (const shown of keys.values()) {
      const key = this.#now(shown);
      if (key && predicate(key) && (keys === this.#made || !this.#made.has(key.id))) matching.push(key);
    }
    return matching;
  }

  /** A listed key, updated with this process's own writes. */
  #now(key: KeyRecord | undefined): KeyRecord | undefined {
    return key && this.#writes.over(key);
  }

  /** The newest page, and more pages only while they show nothing but newcomers. */
  async #newcomersFirst(newest: () => Promise<Pages<KeyRecord>>): Promise<readonly KeyRecord[]> {
    const pages = await newest();
    return pages.first.every(({ id }) => !this.#known.has(id)) ? pages.all() : pages.first;
  }
}
