// The counts of a test run, and its closing line. Plain Node.js: tools/ci.mjs uses it before anything is installed.

/** @typedef {{ passed: number, failed: number, skipped: number }} Counts */

/** The variable that names the file for a run's counts. The run then prints no closing line: its caller does. */
export const COUNTS_FILE = "TEST_COUNTS_FILE";

/** @param {Counts} counts */
export function closingLine({ passed, failed, skipped }) {
  return [`${passed} passed`, `${failed} failed`, ...(skipped > 0 ? [`${skipped} skipped`] : [])].join(", ");
}

/**
 * A run in which nothing passed has proved nothing.
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
