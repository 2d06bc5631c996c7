import type { Clock } from "../../datadog/clock";
import type { KeyRecord } from "../../datadog/keys";

/** The result of a list request. */
export interface Look {
  /** The time of the request, by the clock's `now`. */
  readonly askedAt: number;
  readonly answeredAt: number;
  readonly keys: ReadonlyMap<string, KeyRecord>;
}

/** Reads a list that was requested after a given moment. All callers that wait for one share one wait and one request. */
export class ListCache {
  #first: Look | undefined;
  #latest: Look | undefined;
  #due = 0;
  #coming: Promise<void> | undefined;
  /** Whether the next look has been requested. Then it does not cover what happens from now on. */
  #requested = false;
  readonly #clock: Clock;
  readonly #list: () => Promise<readonly KeyRecord[]>;

  constructor(clock: Clock, list: () => Promise<readonly KeyRecord[]>) {
    this.#clock = clock;
    this.#list = list;
  }

  /** The first look of this process. */
  async first(): Promise<Look> {
    return this.#first ?? this.since(0);
  }

  /**
   * A look that was requested after that moment. Waits if the moment is in the future.
   * @param moment by the clock's `now`
   * @throws InterruptedError if the user ends the wait
   */
  async since(moment: number): Promise<Look> {
    for (let fresh = false; ;) {
      const latest = this.#latest;
      if (latest && (latest.askedAt > moment || fresh)) return latest;
      this.#due = Math.max(this.#due, moment);
      fresh = !this.#requested;
      this.#coming ??= this.#waitAndLook().finally(() => {
        this.#coming = undefined;
        // Callers that still wait register again.
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
    // Callers that arrive during the wait may extend it, so all missing keys share one wait and one request.
    for (let left = this.#due - this.#clock.now(); left > 0; left = this.#due - this.#clock.now())
      await this.#clock.sleep(left);
    this.#requested = true;
    await this.look(this.#list).finally(() => (this.#requested = false));
  }
}
