import fc from "fast-check";
import { expect, test } from "vitest";
import { harmIn, long, report } from "../../../support/figures";
import { scenario } from "./scenario";
import { World } from "./world";

/**
 * Runs random programs with random faults.
 * @param seed the seed of the scenarios. A normal run tries the same scenarios every day, a long run tries new ones.
 */
export function testProperties(sequences: number, seed: number): void {
  const choice = long ? {} : { seed: Number(process.env["TEST_SEED"] ?? seed) };
  test(
    `after any faults, a program ends with exactly its keys, foreign keys are unchanged, and no secret is shown (${sequences} sequences)`,
    { timeout: long ? 3_600_000 : 300_000 },
    async () => {
      let scenarios = 0;
      let faults = 0;
      let kills = 0;
      const failures: string[] = [];
      // A failure prints the seed and the smallest scenario that fails.
      const outcome = fc.assert(
        fc.asyncProperty(scenario, async (one) => {
          const figures = await World.run(one);
          scenarios += 1;
          faults += figures.faults;
          kills += figures.kills;
        }),
        { numRuns: sequences, ...choice },
      );
      await outcome.catch((error: unknown) => failures.push(String(error instanceof Error ? error.cause : error)));
      report({ sequences: scenarios, "faults injected": faults, "simulated kills": kills, ...harmIn(failures) });
      await outcome;
      expect(faults).toBeGreaterThan(sequences);
    },
  );
}
