// The counts of a test run, and its closing line. Plain Node.js, because tools/ci.mjs uses it before anything is
// installed.

/** @typedef {{ passed: number, failed: number, skipped: number }} Counts */

/** The variable with the file for a run's counts. If it is set, the caller prints the closing line. */
export const COUNTS_FILE = "TEST_COUNTS_FILE";

/** @param {Counts} counts */
export function closingLine({ passed, failed, skipped }) {
  return [`${passed} passed`, `${failed} failed`, ...(skipped > 0 ? [`${skipped} skipped`] : [])].join(", ");
}

/**
 * A run without passed tests is not green.
 * @param {Counts} counts
 */
export function isGreen({ passed, failed }) {
  return failed === 0 && passed > 0;
}

/**
 * @param {Counts[]} all
 * @returns {Counts}
 */
export function sum(all) {
  const total = (/** @type {keyof Counts} */ name) => all.reduce((count, counts) => count + counts[name], 0);
  return { passed: total("passed"), failed: total("failed"), skipped: total("skipped") };
}
