/** All timeouts and retry counts. */

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

/** How stale Datadog's reads may be. Datadog promises nothing. About its access tokens it says "a few seconds". */
export const readLagMs = 30_000;

/** A key is gone if two reads miss it that are this far apart. */
export const secondLookMs = 5_000;

/** How long to watch a key that blocks a create, in case it was just revoked. */
export const inTheWayMs = 10_000;

/** How often a create is sent at most while its answers are lost. */
export const createTries = 4;

/**
 * The waits between looks for something that should appear or vanish. They start short, because it usually does at
 * once. Together they are {@link readLagMs}.
 */
export const looksForKeyMs = [1_000, 2_000, 4_000, 8_000, 15_000] as const;

/** The same for {@link inTheWayMs}. */
export const looksForRoomMs = [1_000, 3_000, 6_000] as const;
