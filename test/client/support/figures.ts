import { appendFileSync } from "node:fs";
import process from "node:process";

/** What a test went through, for the long run to add up: one line of JSON in the file that it names. */
export function report(figures: Readonly<Record<string, number>>): void {
  const file = process.env["TEST_FIGURES_FILE"];
  if (file) appendFileSync(file, `${JSON.stringify(figures)}\n`);
}

/** Whether tests take hours rather than minutes: `npm run test:long`. */
export const long = process.env["TEST_LONG"] === "1";
