import { describe, expect, test } from "vitest";
import type { RandomFaultOptions, RecordedFault } from "../../sandbox/index";
import { start } from "./support/start";

const path = "/api/v1/application_key";

/** The faults that a hundred requests meet, one after the other. */
async function run(options: RandomFaultOptions): Promise<{ faults: RecordedFault[]; failed: number }> {
  const { sandbox, call } = await start();
  sandbox.failAtRandom(options);
  let failed = 0;
  for (let count = 0; count < 100; count++) await call("GET", path).catch(() => failed++);
  return { faults: sandbox.faultsInjected(), failed };
}

describe("faults at random", () => {
  test("are the same for the same seed and differ for another seed", async () => {
    const options = { probability: 0.3, kinds: ["status", "drop-before", "not-json"] as const };
    const { faults } = await run({ ...options, seed: 7 });
    expect((await run({ ...options, seed: 7 })).faults).toEqual(faults);
    expect((await run({ ...options, seed: 8 })).faults).not.toEqual(faults);
  });

  test("have about the given probability and are of all kinds", async () => {
    const { faults, failed } = await run({ seed: 1, probability: 0.5 });
    expect(new Set(faults.map(({ kind }) => kind)).size).toBeGreaterThan(7);
    expect(faults.length).toBeGreaterThan(30);
    expect(faults.length).toBeLessThan(90);
    expect(failed).toBeGreaterThan(5);
  });

  test("never happen with probability 0 and always with 1", async () => {
    expect((await run({ seed: 1, probability: 0 })).faults).toEqual([]);
    const { faults } = await run({ seed: 1, probability: 1, kinds: [{ kind: "status", status: 418 }] });
    expect(faults).toHaveLength(100);
  });

  test("include refused connections, although clients keep theirs open", async () => {
    const { faults } = await run({ seed: 3, probability: 0.2, kinds: ["refuse"] });
    expect(faults.length).toBeGreaterThan(5);
    expect(new Set(faults.map(({ kind }) => kind))).toEqual(new Set(["refuse"]));
  });

  test("end when the test removes them", async () => {
    const { sandbox, call } = await start();
    const stop = sandbox.failAtRandom({ seed: 1, probability: 1, kinds: ["status"] });
    expect((await call("GET", path)).status).toBe(503);
    stop();
    expect((await call("GET", path)).status).toBe(200);
  });
});
