import fc from "fast-check";
import { expect, test } from "vitest";
import { harmIn, long, report } from "../../../support/figures";
import { scenario } from "./scenario";
import { World } from "./world";

/**
 * Random programs under random faults.
 * @param seed of the sequences, which are then the same every day; the long run looks for new ones
 */
export function testProperties(sequences: number, seed: number): void {
  const choice = long ? {} : { seed: Number(process.env["TEST_SEED"] ?? seed) };
  test(
    `any program under any faults ends with exactly its keys, no foreign key touched and no secret told (${sequences} sequences)`,
    { timeout: long ? 3_600_000 : 300_000 },
    async () => {
      let lived = 0;
      let faults = 0;
      let kills = 0;
      const failures: string[] = [];
      // A failure prints its seed, and the smallest scenario that fails.
      const outcome = fc.assert(
        fc.asyncProperty(scenario, async (one) => {
          const figures = await World.live(one);
          lived += 1;
          faults += figures.faults;
          kills += figures.kills;
        }),
        { numRuns: sequences, ...choice },
      );
      await outcome.catch((error: unknown) => failures.push(String(error instanceof Error ? error.cause : error)));
      report({ sequences: lived, "faults injected": faults, "simulated kills": kills, ...harmIn(failures) });
      await outcome;
      expect(faults).toBeGreaterThan(sequences);
    },
  );
}
