import { UnansweredError, UnreachableError } from "./errors";
import { firstBackoffMs, longestBackoffMs, requestTries } from "./patience";

/**
 * How long to wait before a request is sent again, or undefined where it must not be.
 * A POST makes a key each time it arrives, so it is repeated only when it surely did not arrive.
 * (A rate limit is no failure: see rate-limit.ts.)
 */
export function retryDelay(error: unknown, method: string, attempt: number, random: () => number): number | undefined {
  if (attempt >= requestTries) return undefined;
  const unreached = error instanceof UnreachableError && error.mayPass;
  if (!unreached && !(error instanceof UnansweredError && method !== "POST")) return undefined;
  return backoff(attempt, random);
}

/** Exponential, with the upper half left to chance, so that sixteen requests do not come back together. */
export function backoff(attempt: number, random: () => number): number {
  const full = Math.min(firstBackoffMs * 2 ** (attempt - 1), longestBackoffMs);
  return full / 2 + (full / 2) * random();
}
