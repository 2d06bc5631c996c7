import { expect, test } from "vitest";
import { isAsRecorded, isSmoke, recording, strayRecordings, testTraces } from "./traces/compare.ts";

// The traces test the engine, not this package. All of them run if the engine or the SDK is not the recorded version,
// and five otherwise.
const all = recording || !(await isAsRecorded());
testTraces((file) => all || isSmoke(file));

test("every recording belongs to a scenario", async () => {
  expect(await strayRecordings()).toEqual([]);
});
