import { backoff } from "./retry";
import type { Clock } from "./clock";

/** Datadog's X-RateLimit-* headers. */
export interface LimitHeaders {
  readonly name: string | undefined;
  readonly limit: number | undefined;
  readonly periodMs: number | undefined;
  readonly remaining: number | undefined;
  readonly resetMs: number | undefined;
}

/** @see https://docs.datadoghq.com/api/latest/rate-limits/ */
export function readLimitHeaders(headers: Readonly<Record<string, unknown>>): LimitHeaders {
  const text = (name: string) => {
    const value = headers[`x-ratelimit-${name}`];
    return typeof value === "string" ? value : undefined;
  };
  const whole = (name: string) => {
    const digits = text(name);
    return digits !== undefined && /^\d{1,9}$/.test(digits) ? Number(digits) : undefined;
  };
  const seconds = (name: string) => {
    const value = whole(name);
    return value === undefined ? undefined : value * 1000;
  };
  return {
    name: text("name"),
    limit: whole("limit"),
    periodMs: seconds("period"),
    remaining: whole("remaining"),
    resetMs: seconds("reset"),
  };
}

/** Permission to send one request. Its holder reports the result. */
export interface Pass {
  /** `undefined` if no answer came. */
  answered(headers: LimitHeaders | undefined, refused: boolean): void;
}

/**
 * One of Datadog's rate limits, as far as its answers show it. While a window is unknown, one request goes first,
 * because all others would be refused if the window were already used up.
 */
class Limit {
  /** Requests left in this window. Undefined while unknown, Infinity if Datadog sets no limit. */
  #left: number | undefined;
  #resetAt: number | undefined;
  #window = 0;
  #refusals = 0;
  #scouting = false;
  #told = false;
  #words = "";
  #waiters: (() => void)[] = [];
  readonly #clock: Clock;
  readonly #tell: (line: string) => void;

  constructor(clock: Clock, tell: (line: string) => void) {
    this.#clock = clock;
    this.#tell = tell;
  }

  /** A pass if one is free, otherwise how long to wait (undefined: until something changes). */
  tryTake(): Pass | { waitMs: number | undefined } {
    const now = this.#clock.now();
    if (this.#resetAt !== undefined && now >= this.#resetAt) this.#startWindow();
    if (this.#left === undefined) {
      if (this.#scouting) return { waitMs: undefined };
      this.#scouting = true;
      return this.#pass(true);
    }
    if (this.#left > 0) {
      this.#left -= 1;
      return this.#pass(false);
    }
    return { waitMs: this.#resetAt === undefined ? undefined : this.#resetAt - now };
  }

  /** Resolves when it is worth calling {@link tryTake} again. */
  async changed(waitMs: number | undefined): Promise<void> {
    const change = new Promise<void>((resolve) => this.#waiters.push(resolve));
    if (waitMs === undefined) return change;
    if (!this.#told) {
      this.#told = true;
      this.#tell(`Datadog's rate limit${this.#words} is reached: waiting ${Math.ceil(waitMs / 1000)} s`);
    }
    await Promise.race([change, this.#clock.sleep(waitMs)]);
  }

  /** An answer to a request that was sent under another limit's pass. */
  note(headers: LimitHeaders | undefined, refused: boolean): void {
    this.#learn(headers, refused, false);
    this.#wake();
  }

  #pass(scout: boolean): Pass {
    const window = this.#window;
    return {
      answered: (headers, refused) => {
        if (scout) this.#scouting = false;
        // An answer to a request of an earlier window does not describe this one.
        if (window === this.#window) this.#learn(headers, refused, scout);
        this.#wake();
      },
    };
  }

  #learn(headers: LimitHeaders | undefined, refused: boolean, scout: boolean): void {
    const now = this.#clock.now();
    if (refused) {
      this.#refusals += 1;
      this.#left = 0;
      // Reset is in whole seconds, and 0 would mean an immediate retry.
      const waitMs = headers?.resetMs ?? backoff(this.#refusals, () => this.#clock.random());
      this.#resetAt = now + Math.max(waitMs, 1000);
    } else {
      const remaining = headers?.remaining ?? Number.POSITIVE_INFINITY;
      this.#left = scout || this.#left === undefined ? remaining : Math.min(this.#left, remaining);
      // Reset is rounded up to whole seconds, so the earliest end from several answers is the most accurate.
      if (headers?.resetMs !== undefined)
        this.#resetAt = Math.min(this.#resetAt ?? Number.POSITIVE_INFINITY, now + headers.resetMs);
      else if (this.#left === 0) this.#left = undefined;
      if (headers) this.#refusals = 0;
    }
    if (headers?.limit !== undefined && headers.periodMs !== undefined)
      this.#words = ` (${headers.limit} requests in ${headers.periodMs / 1000} s)`;
  }

  #startWindow(): void {
    this.#window += 1;
    this.#left = undefined;
    this.#resetAt = undefined;
    this.#scouting = false;
    this.#told = false;
  }

  #wake(): void {
    const waiters = this.#waiters;
    this.#waiters = [];
    for (const resume of waiters) resume();
  }
}

/** All rate limits of one set of credentials. Datadog counts by limit name, and several routes may share one. */
export class RateLimits {
  readonly #byRoute = new Map<string, Limit>();
  readonly #byName = new Map<string, Limit>();
  readonly #clock: Clock;
  readonly #tell: (line: string) => void;

  constructor(clock: Clock, tell: (line: string) => void) {
    this.#clock = clock;
    this.#tell = tell;
  }

  /**
   * Waits until a request of that route may be sent, at most `patienceMs`.
   * @returns a pass, or undefined if the wait would be longer
   */
  async pass(route: string, patienceMs: number): Promise<Pass | undefined> {
    const until = this.#clock.now() + patienceMs;
    for (;;) {
      const limit = this.#limitOf(route);
      const taken = limit.tryTake();
      if ("answered" in taken) {
        return {
          answered: (headers, refused) => {
            const shared = headers?.name === undefined ? limit : this.#learnName(route, headers.name, limit);
            taken.answered(headers, refused);
            // Requests sent before the limit's name was known count for all routes with that name.
            if (shared !== limit) shared.note(headers, refused);
          },
        };
      }
      if (this.#clock.now() + (taken.waitMs ?? 0) > until) return undefined;
      await limit.changed(taken.waitMs);
    }
  }

  #limitOf(route: string): Limit {
    let limit = this.#byRoute.get(route);
    if (!limit) {
      limit = new Limit(this.#clock, this.#tell);
      this.#byRoute.set(route, limit);
    }
    return limit;
  }

  /** @returns the limit of that name */
  #learnName(route: string, name: string, limit: Limit): Limit {
    const known = this.#byName.get(name) ?? limit;
    this.#byName.set(name, known);
    this.#byRoute.set(route, known);
    return known;
  }
}
