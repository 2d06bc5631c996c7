import { test } from "vitest";
import { isAsRecorded, isSmoke, testTraces } from "../traces/compare.ts";

if (await isAsRecorded()) testTraces((file) => !isSmoke(file));
else
  test.skip("test/engine/traces.test.ts has run all traces, because the engine or the SDK is not the recorded version");
