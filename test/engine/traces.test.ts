import { expect, test } from "vitest";
import { isAsRecorded, isSmoke, recording, strayRecordings, testTraces } from "./traces/compare.ts";

// The traces test the engine, not this package: all of them where the engine or the SDK is another one, and some otherwise.
const all = recording || !(await isAsRecorded());
testTraces((file) => all || isSmoke(file));

test("every recording is of a scenario", async () => {
  expect(await strayRecordings()).toEqual([]);
});
