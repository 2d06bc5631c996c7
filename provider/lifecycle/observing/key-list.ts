import type { Clock } from "../../datadog/clock";
import type { KeyRecord } from "../../datadog/keys";
import type { Pages } from "../../datadog/pages";
import { secondLookMs } from "../../datadog/patience";
import type { OwnWrites } from "../run/own-writes";
import { Looks } from "./looks";
import { SharedPromise } from "./shared-promise";

/** Where a list comes from. */
export interface ListSource {
  /** Oldest keys first. */
  list(): Promise<Pages<KeyRecord>>;
  /** Newest keys first. A list without it has one page. */
  newest?(): Promise<Pages<KeyRecord>>;
}

type Predicate = (key: KeyRecord) => boolean;

/**
 * One of Datadog's lists of keys. What it showed first is the baseline. A key that shows later and that this process did
 * not make is a newcomer. Every list shows this process's own writes, because Datadog's reads may be older than they are.
 */
export class KeyList {
  readonly #baseline: SharedPromise<Map<string, KeyRecord>>;
  readonly #looks: Looks;
  readonly #newest: Looks;
  /** Ids that the baseline showed or this process made. */
  readonly #known = new Set<string>();
  /** Keys that this process made and that the baseline cannot show. */
  readonly #made = new Map<string, KeyRecord>();
  /** Whether a key of this list has been read by itself. */
  #hasReadOne = false;
  readonly #clock: Clock;
  readonly #writes: OwnWrites;

  constructor(clock: Clock, source: ListSource, writes: OwnWrites) {
    const newest = source.newest?.bind(source) ?? source.list.bind(source);
    this.#clock = clock;
    this.#writes = writes;
    this.#looks = new Looks(clock, async () => (await source.list()).all());
    this.#newest = new Looks(clock, () => this.#newcomersFirst(newest));
    this.#baseline = new SharedPromise(() => this.#takeBaseline(source));
  }

  async #takeBaseline(source: ListSource): Promise<Map<string, KeyRecord>> {
    const shown = await this.#looks.look(async () => (await source.list()).all());
    for (const { id } of shown) this.#known.add(id);
    return new Map(shown.map((key) => [key.id, key]));
  }

  /** The key of that id in the baseline. */
  async find(id: string): Promise<KeyRecord | undefined> {
    const baseline = await this.#baseline.get();
    return this.#now(this.#made.get(id) ?? baseline.get(id));
  }

  /** The keys of the baseline that the predicate accepts. */
  async filter(predicate: Predicate): Promise<KeyRecord[]> {
    const baseline = await this.#baseline.get();
    return [...this.#matching(this.#made, predicate), ...this.#matching(baseline, predicate)];
  }

  /** The key of that id. The first key is read by itself; from the second on, the list serves them all. */
  async lookUp(id: string, readOne: () => Promise<KeyRecord | undefined>): Promise<KeyRecord | undefined> {
    if (this.#baseline.started || this.#hasReadOne) return this.find(id);
    this.#hasReadOne = true;
    return readOne();
  }

  /**
   * A key that one look has missed. Undefined if a second look, some seconds later, misses it too.
   * @param notBefore the second look is no earlier, because a young key may not show yet
   */
  async findMissed(id: string, notBefore: number): Promise<KeyRecord | undefined> {
    const called = this.#clock.now();
    const first = await this.#looks.first();
    const seen = first.keys.get(id);
    if (seen && first.askedAt >= called) return seen;
    const missedAt = seen ? this.#clock.now() : first.answeredAt;
    return this.findSince(Math.max(missedAt + secondLookMs, notBefore), id);
  }

  /**
   * The keys that match in a second look, some seconds after a first one has missed the key that is wanted.
   * @param notBefore as for {@link findMissed}
   */
  async filterMissed(notBefore: number, predicate: Predicate): Promise<KeyRecord[]> {
    const { answeredAt } = await this.#looks.first();
    return this.filterSince(Math.max(answeredAt + secondLookMs, notBefore), predicate);
  }

  /** The key of that id in a list that was requested at that moment or later. */
  async findSince(moment: number, id: string): Promise<KeyRecord | undefined> {
    const { keys } = await this.#looks.since(moment);
    return this.#now(keys.get(id));
  }

  /** The keys that match in a list that was requested at that moment or later. */
  async filterSince(moment: number, predicate: Predicate): Promise<KeyRecord[]> {
    const { keys } = await this.#looks.since(moment);
    return this.#matching(keys, predicate);
  }

  /** Matching keys that came since the baseline and that this process did not make, as of that moment or later. */
  async newcomersSince(moment: number, predicate: Predicate): Promise<KeyRecord[]> {
    const { keys } = await this.#newest.since(moment);
    return this.#matching(keys, (key) => !this.#known.has(key.id) && predicate(key));
  }

  /** Takes note of a key that this process made or took over. */
  add(key: KeyRecord): void {
    this.#known.add(key.id);
    this.#made.set(key.id, key);
  }

  #matching(keys: ReadonlyMap<string, KeyRecord>, predicate: Predicate): KeyRecord[] {
    const matching: KeyRecord[] = [];
    // Each create asks: a copy of all keys for each of a thousand would be a million.
    for (const shown of keys.values()) {
      const key = this.#now(shown);
      if (key && predicate(key) && (keys === this.#made || !this.#made.has(key.id))) matching.push(key);
    }
    return matching;
  }

  /** A key that a list shows, as this process left it. */
  #now(key: KeyRecord | undefined): KeyRecord | undefined {
    return key && this.#writes.over(key);
  }

  /** The newest page, and more only if it shows nothing but newcomers. */
  async #newcomersFirst(newest: () => Promise<Pages<KeyRecord>>): Promise<readonly KeyRecord[]> {
    const pages = await newest();
    return pages.first.every(({ id }) => !this.#known.has(id)) ? pages.all() : pages.first;
  }
}
