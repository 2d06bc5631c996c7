import { UnansweredError, UnreachableError } from "./errors";
import { firstBackoffMs, longestBackoffMs, requestTries } from "./patience";

/**
 * How long to wait before a request is sent again, or undefined if it must not be repeated. Every POST that arrives
 * creates a key, so a POST is repeated only if it certainly did not arrive. (Rate limits are not failures. See
 * rate-limit.ts.)
 */
export function retryDelay(error: unknown, method: string, attempt: number, random: () => number): number | undefined {
  if (attempt >= requestTries) return undefined;
  const unreached = error instanceof UnreachableError && error.mayPass;
  if (!unreached && !(error instanceof UnansweredError && method !== "POST")) return undefined;
  return backoff(attempt, random);
}

/** Exponential backoff with a random upper half, so that sixteen requests do not come back together. */
export function backoff(attempt: number, random: () => number): number {
  const full = Math.min(firstBackoffMs * 2 ** (attempt - 1), longestBackoffMs);
  return full / 2 + (full / 2) * random();
}
