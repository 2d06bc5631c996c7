import type { Clock } from "../../datadog/clock";
import type { KeyRecord } from "../../datadog/keys";
import { SharedPromise } from "./shared-promise";

/** The result of a list request. */
export interface Look {
  /** The time of the request, by the clock's `now`. */
  readonly askedAt: number;
  readonly answeredAt: number;
  readonly keys: ReadonlyMap<string, KeyRecord>;
}

/** Reads a list that was requested after a given moment. All callers that wait for one share one wait and one request. */
export class ListCache {
  readonly #clock: Clock;
  readonly #list: () => Promise<readonly KeyRecord[]>;
  readonly #first: SharedPromise<Look>;
  #earliest: Look | undefined;
  #latest: Look | undefined;
  #due = 0;
  #coming: Promise<Look> | undefined;
  /** Whether the next look has been requested. Then it does not cover what happens from now on. */
  #requested = false;

  constructor(clock: Clock, list: () => Promise<readonly KeyRecord[]>) {
    this.#clock = clock;
    this.#list = list;
    this.#first = new SharedPromise(async () => this.#earliest ?? this.#look());
  }

  /** Whether a look has been requested. */
  get started(): boolean {
    return this.#earliest !== undefined || this.#first.started;
  }

  /** The latest look of this process. */
  async latest(): Promise<Look> {
    return this.#latest ?? this.first();
  }

  /** The first look of this process. */
  first(): Promise<Look> {
    return this.#first.get();
  }

  /**
   * A look that was requested after that moment. Waits if the moment is in the future.
   * @param moment by the clock's `now`
   * @throws InterruptedError if the user ends the wait
   */
  async since(moment: number): Promise<Look> {
    for (;;) {
      if (this.#latest && this.#latest.askedAt > moment) return this.#latest;
      this.#due = Math.max(this.#due, moment);
      const isCovered = !this.#requested;
      this.#coming ??= this.#waitAndLook().finally(() => {
        this.#coming = undefined;
        this.#requested = false;
        // Callers that still wait register again.
        this.#due = 0;
      });
      const look = await this.#coming;
      if (isCovered) return look;
    }
  }

  async #waitAndLook(): Promise<Look> {
    // Callers that arrive during the wait may extend it, so all missing keys share one wait and one request.
    for (let left = this.#due - this.#clock.now(); left > 0; left = this.#due - this.#clock.now())
      await this.#clock.sleep(left);
    this.#requested = true;
    return this.#look();
  }

  async #look(): Promise<Look> {
    const askedAt = this.#clock.now();
    const keys = new Map<string, KeyRecord>();
    for (const key of await this.#list()) keys.set(key.id, key);
    const look = { askedAt, answeredAt: this.#clock.now(), keys };
    this.#earliest ??= look;
    this.#latest = look;
    return look;
  }
}
