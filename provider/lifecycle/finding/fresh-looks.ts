import type { Clock } from "../../datadog/clock";
import type { KeyRecord } from "../../datadog/keys";

/** What a list showed. */
export interface Look {
  /** When it was asked for, by the clock's `now`. */
  readonly askedAt: number;
  readonly answeredAt: number;
  readonly keys: ReadonlyMap<string, KeyRecord>;
}

/** Looks at a list that must not be older than some moment. All who wait for one share it: one wait, one request. */
export class FreshLooks {
  #first: Look | undefined;
  #latest: Look | undefined;
  #due = 0;
  #coming: Promise<void> | undefined;
  /** Whether the look that is coming has been asked for, so that it says nothing of what happens from now on. */
  #asked = false;
  readonly #clock: Clock;
  readonly #list: () => Promise<readonly KeyRecord[]>;

  constructor(clock: Clock, list: () => Promise<readonly KeyRecord[]>) {
    this.#clock = clock;
    this.#list = list;
  }

  /** The first look that this process took. */
  async first(): Promise<Look> {
    return this.#first ?? this.since(0);
  }

  /**
   * @param moment by the clock's `now`; one to come is waited for
   * @throws InterruptedError where the user ends the wait
   */
  async since(moment: number): Promise<Look> {
    for (let fresh = false; ;) {
      const latest = this.#latest;
      if (latest && (latest.askedAt > moment || fresh)) return latest;
      this.#due = Math.max(this.#due, moment);
      fresh = !this.#asked;
      this.#coming ??= this.#waitAndLook().finally(() => {
        this.#coming = undefined;
        // Whoever still waits says so again; what was waited for in vain is over.
        this.#due = 0;
      });
      await this.#coming;
    }
  }

  /** Takes a look now. */
  async look<T extends Iterable<KeyRecord>>(ask: () => Promise<T>): Promise<T> {
    const askedAt = this.#clock.now();
    const shown = await ask();
    const keys = new Map<string, KeyRecord>();
    for (const key of shown) keys.set(key.id, key);
    this.#latest = { askedAt, answeredAt: this.#clock.now(), keys };
    this.#first ??= this.#latest;
    return shown;
  }

  async #waitAndLook(): Promise<void> {
    // Whoever comes during the wait may put it off: what a run misses waits together.
    for (let left = this.#due - this.#clock.now(); left > 0; left = this.#due - this.#clock.now())
      await this.#clock.sleep(left);
    this.#asked = true;
    await this.look(this.#list).finally(() => (this.#asked = false));
  }
}
