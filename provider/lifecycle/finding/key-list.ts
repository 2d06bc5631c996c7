import { setImmediate as arrivals } from "node:timers/promises";
import type { Clock } from "../../datadog/clock";
import type { DatadogError } from "../../datadog/errors";
import type { KeyRecord } from "../../datadog/keys";
import type { Pages } from "../../datadog/pages";
import { secondLookMs } from "../../datadog/patience";
import { FreshLooks } from "./fresh-looks";
import { SharedPromise } from "./shared-promise";

/** Keys that are asked for one by one, at a time. */
const together = 4;

/** Where a list comes from. */
export interface ListSource {
  /** Oldest keys first. */
  list(): Promise<Pages<KeyRecord>>;
  /** Newest keys first; where it is absent, the list has one page. */
  newest?(): Promise<Pages<KeyRecord>>;
}

interface Wanted {
  readonly id: string;
  readonly askForOne: () => Promise<KeyRecord | undefined>;
  readonly resolve: (found: Promise<KeyRecord | undefined>) => void;
}

type Fits = (key: KeyRecord) => boolean;

/**
 * One of Datadog's lists of keys. What it showed first is the baseline, which follows what this process does. A key that
 * shows later and was not made here is a newcomer. Datadog's reads may be late: its answer to a change that this process
 * made counts for more than what a list shows.
 */
export class KeyList {
  /** Failures of creates by name, as long as nobody knows whether a key was made. */
  readonly unanswered = new Map<string, DatadogError>();
  readonly #firstPage: SharedPromise<Pages<KeyRecord>>;
  readonly #baseline: SharedPromise<Map<string, KeyRecord>>;
  readonly #looks: FreshLooks;
  readonly #newest: FreshLooks;
  /** Ids that the baseline showed or this process made. */
  readonly #known = new Set<string>();
  /** What this process made of keys. */
  readonly #changes = new Map<string, KeyRecord | "revoked">();
  readonly #wanted: Wanted[] = [];
  #serving = false;
  #askedForOne = 0;
  /** Keys that were wanted and stand on the first page: who has many there has more on the others. */
  #onFirstPage = 0;
  readonly #clock: Clock;

  constructor(clock: Clock, source: ListSource) {
    const newest = source.newest?.bind(source) ?? source.list.bind(source);
    this.#clock = clock;
    this.#looks = new FreshLooks(clock, async () => (await source.list()).all());
    this.#newest = new FreshLooks(clock, () => this.#newcomersFirst(newest));
    this.#firstPage = new SharedPromise(() => source.list());
    this.#baseline = new SharedPromise(() => this.#takeBaseline());
  }

  async #takeBaseline(): Promise<Map<string, KeyRecord>> {
    const shown = await this.#looks.look(async () => (await this.#firstPage.get()).all());
    const keys = new Map<string, KeyRecord>();
    for (const key of shown) {
      this.#known.add(key.id);
      keys.set(key.id, key);
    }
    for (const [id, change] of this.#changes) apply(keys, id, change);
    return keys;
  }

  /** The key of that id in the baseline. */
  async find(id: string): Promise<KeyRecord | undefined> {
    return (await this.#baseline.get()).get(id);
  }

  /** The keys of the baseline that fit. */
  async filter(fits: Fits): Promise<KeyRecord[]> {
    const fitting: KeyRecord[] = [];
    // Each create asks: a copy of all keys for each of a thousand would be a million.
    for (const key of (await this.#baseline.get()).values()) if (fits(key)) fitting.push(key);
    return fitting;
  }

  /**
   * The key of that id. All look-ups together send one request, and then one a key or one a page, whichever is less. Nobody
   * says how many keys are still to come: the first is asked for by itself, from the second on the first page serves.
   */
  async lookUp(id: string, askForOne: () => Promise<KeyRecord | undefined>): Promise<KeyRecord | undefined> {
    if (this.#baseline.started) return this.find(id);
    if (!this.#firstPage.started && this.#askedForOne === 0) {
      this.#askedForOne = 1;
      return askForOne();
    }
    const page = await this.#firstPage.get();
    if (page.left === 0) return this.find(id);
    const shown = page.first.find((key) => key.id === id);
    if (shown) {
      this.#onFirstPage += 1;
      return shown;
    }
    return new Promise((resolve) => {
      this.#wanted.push({ id, askForOne, resolve });
      if (!this.#serving) void this.#serve(page);
    });
  }

  /** Decides, for keys that the first page does not show, between the pages that are left and a request each. */
  async #serve(page: Pages<KeyRecord>): Promise<void> {
    this.#serving = true;
    while (this.#wanted.length > 0) {
      await arrivals();
      const known = Math.max(this.#wanted.length, this.#askedForOne, this.#onFirstPage);
      const whole = known >= page.left || this.#baseline.started;
      const some = this.#wanted.splice(0, whole ? this.#wanted.length : together);
      const answers = some.map(({ id, askForOne }) => (whole ? this.find(id) : askForOne()));
      for (const [index, answer] of answers.entries()) some[index]?.resolve(answer);
      if (!whole) this.#askedForOne += some.length;
      await Promise.allSettled(answers);
    }
    this.#serving = false;
  }

  /**
   * A key that one look has missed; undefined where a second look, some seconds later, misses it too.
   * @param notBefore the second look is no earlier: a young key may not show yet
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
   * The keys that fit in a second look, some seconds after a first one has missed the key that is wanted.
   * @param notBefore as for {@link findMissed}
   */
  async filterMissed(notBefore: number, fits: Fits): Promise<KeyRecord[]> {
    const { answeredAt } = await this.#looks.first();
    return this.filterSince(Math.max(answeredAt + secondLookMs, notBefore), fits);
  }

  /** The key of that id in a list that was asked for at that moment or later. */
  async findSince(moment: number, id: string): Promise<KeyRecord | undefined> {
    const { keys } = await this.#looks.since(moment);
    return this.#now(keys.get(id));
  }

  /** The keys that fit in a list that was asked for at that moment or later. */
  async filterSince(moment: number, fits: Fits): Promise<KeyRecord[]> {
    const { keys } = await this.#looks.since(moment);
    return this.#fitting(keys, fits);
  }

  /** Keys that fit, came since the baseline and were not made by this process, as of that moment or later. */
  async newcomersSince(moment: number, fits: Fits): Promise<KeyRecord[]> {
    const { keys } = await this.#newest.since(moment);
    return this.#fitting(keys, (key) => !this.#known.has(key.id) && fits(key));
  }

  #fitting(keys: ReadonlyMap<string, KeyRecord>, fits: Fits): KeyRecord[] {
    return [...keys.values()].flatMap((key) => this.#now(key) ?? []).filter(fits);
  }

  /** A key that a list shows, as this process last knew it. */
  #now(key: KeyRecord | undefined): KeyRecord | undefined {
    const change = key && this.#changes.get(key.id);
    if (change === "revoked") return undefined;
    return key && { ...key, ...change };
  }

  /** The newest page, and more only where it shows nothing but newcomers. */
  async #newcomersFirst(newest: () => Promise<Pages<KeyRecord>>): Promise<readonly KeyRecord[]> {
    const pages = await newest();
    return pages.first.every(({ id }) => !this.#known.has(id)) ? pages.all() : pages.first;
  }

  /** Notes a key that this process made or changed. */
  async put(key: KeyRecord): Promise<void> {
    this.#known.add(key.id);
    await this.#change(key.id, key);
  }

  /** Notes a key that this process revoked. */
  async remove(id: string): Promise<void> {
    await this.#change(id, "revoked");
  }

  async #change(id: string, change: KeyRecord | "revoked"): Promise<void> {
    const before = this.#changes.get(id);
    const both = typeof before === "object" && typeof change === "object" ? { ...before, ...change } : change;
    this.#changes.set(id, both);
    // A list that fails is told to whoever asked for it; what was just written to Datadog is no less done.
    if (this.#baseline.started)
      await this.#baseline.get().then(
        (keys) => {
          apply(keys, id, both);
        },
        () => undefined,
      );
  }
}

function apply(keys: Map<string, KeyRecord>, id: string, change: KeyRecord | "revoked"): void {
  if (change === "revoked") keys.delete(id);
  else keys.set(id, { ...keys.get(id), ...change });
}
