/** Every time limit, wait and number of tries of the lifecycle and of the requests to Datadog. */

/** Time for one complete answer from Datadog. */
export const answerTimeoutMs = 30_000;

/** Time to open a connection, including TLS and the proxy. */
export const connectTimeoutMs = 10_000;

/** How often a request is sent at most, including the first time, while it fails. */
export const requestTries = 4;
export const firstBackoffMs = 500;
export const longestBackoffMs = 8_000;

/** Total time that one request may wait for rate limits. */
export const longestRateLimitWaitMs = 5 * 60_000;

/**
 * The waits between looks for a key whose create was not answered. They start short, because it usually shows at once.
 */
export const looksForKeyMs = [1_000, 2_000, 4_000, 8_000, 15_000] as const;

/** How stale Datadog's reads may be. Datadog promises nothing. About its access tokens it says "a few seconds". */
export const readLagMs = sum(looksForKeyMs);

/** A key is gone if two reads miss it that are this far apart. */
export const secondLookMs = 5_000;

/**
 * The waits between looks at a key that blocks a create. It may just have been revoked, or another resource of the run may
 * still give up its name. The user waits for the error, so this is shorter than {@link readLagMs}.
 */
export const nameTakenLooksMs = [1_000, 3_000, 6_000] as const;
export const nameTakenWaitMs = sum(nameTakenLooksMs);

/** How often a create is sent at most while its answers are lost. */
export const createTries = 4;

function sum(waits: readonly number[]): number {
  return waits.reduce((total, wait) => total + wait, 0);
}
