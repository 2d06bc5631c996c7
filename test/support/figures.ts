import { appendFileSync } from "node:fs";
import process from "node:process";

/** Whether tests may take an hour rather than minutes: `npm run test:long`. */
export const long = process.env["TEST_LONG"] === "1";

/** Tells the long run what a test went through: a line of JSON in the file that it names. The numbers are added up. */
export function report(figures: Readonly<Record<string, number>>): void {
  const file = process.env["TEST_FIGURES_FILE"];
  if (file) appendFileSync(file, `${JSON.stringify(figures)}\n`);
}

/** The harm that violations speak of, in the terms of the long run. */
export function harmIn(violations: readonly string[]): Readonly<Record<string, number>> {
  const count = (sign: RegExp) => violations.filter((violation) => sign.test(violation)).length;
  return {
    "keys orphaned": count(/is left that nobody declares/),
    "keys lost": count(/secret is no key's|is not in the state/),
    leaks: count(/secrets? .*(is|are) shown/),
  };
}
