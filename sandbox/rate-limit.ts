import type { RateLimit } from "./types";

/** The rate-limit headers of an answer, and whether the request exceeds the limit. */
export interface RateLimitVerdict {
  refused: boolean;
  headers: Readonly<Record<string, string>>;
}

/** Counts requests in fixed windows that start with the sandbox, separately for each limit name. */
export class RateLimiter {
  readonly #limit: RateLimit;
  readonly #now: () => number;
  readonly #start: number;
  readonly #windows = new Map<string, { index: number; used: number }>();

  /** @param now milliseconds */
  constructor(limit: RateLimit, now: () => number) {
    this.#limit = limit;
    this.#now = now;
    this.#start = now();
  }

  take(name: string): RateLimitVerdict {
    const { requests, seconds } = this.#limit;
    const elapsed = (this.#now() - this.#start) / 1000;
    const index = Math.floor(elapsed / seconds);
    const last = this.#windows.get(name);
    const used = last?.index === index ? last.used + 1 : 1;
    this.#windows.set(name, { index, used });
    return {
      refused: used > requests,
      headers: {
        "x-ratelimit-limit": String(requests),
        "x-ratelimit-period": String(seconds),
        "x-ratelimit-remaining": String(Math.max(0, requests - used)),
        // Rounded up, so that a client that waits this long is certainly in the next window.
        "x-ratelimit-reset": String(Math.ceil((index + 1) * seconds - elapsed)),
        "x-ratelimit-name": name,
      },
    };
  }
}
