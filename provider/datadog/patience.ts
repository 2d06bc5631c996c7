/** How long, and how often, anything is waited for. */

/** Time for one answer of Datadog's, to its last byte. */
export const answerTimeoutMs = 30_000;

/** Time for a connection to open, TLS and the proxy included. */
export const connectTimeoutMs = 10_000;

/** How often a request is sent at the most where it does not get through, the first time included. */
export const requestTries = 4;
export const firstBackoffMs = 500;
export const longestBackoffMs = 8_000;

/** How long all waits for a rate limit may take for one request. */
export const longestRateLimitWaitMs = 5 * 60_000;

/**
 * How much later than the truth Datadog's reads may be. Datadog promises nothing; of its access tokens it says "a few
 * seconds".
 */
export const readLagMs = 30_000;

/** How long after a look that missed a key a second one proves that it is gone. */
export const secondLookMs = 5_000;

/** How long a key that is in the way is looked at: it may turn out to be revoked. */
export const inTheWayMs = 10_000;

/** How often a create is sent at the most while its answers are lost. */
export const createTries = 4;

/**
 * The waits between looks for something that is expected to show or to vanish: soon at first, since mostly it does at
 * once. Together they are {@link readLagMs}.
 */
export const looksForKeyMs = [1_000, 2_000, 4_000, 8_000, 15_000] as const;

/** The same for {@link inTheWayMs}. */
export const looksForRoomMs = [1_000, 3_000, 6_000] as const;
