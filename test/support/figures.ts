import { appendFileSync } from "node:fs";
import process from "node:process";

/** Whether tests may take an hour instead of minutes, as in `npm run test:long`. */
export const long = process.env["TEST_LONG"] === "1";

/**
 * Reports what a test did to the long run: a line of JSON in the file that the long run names. It adds up the numbers.
 */
export function report(figures: Readonly<Record<string, number>>): void {
  const file = process.env["TEST_FIGURES_FILE"];
  if (file) appendFileSync(file, `${JSON.stringify(figures)}\n`);
}

/** Counts violations by the kinds of harm that the long run reports. */
export function harmIn(violations: readonly string[]): Readonly<Record<string, number>> {
  const count = (sign: RegExp) => violations.filter((violation) => sign.test(violation)).length;
  return {
    "keys orphaned": count(/is left, but the program does not declare it/),
    "keys lost": count(/secret belongs to no key|is not in the state/),
    leaks: count(/secrets? .*(is|are) shown/),
  };
}
