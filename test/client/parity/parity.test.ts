import { readFile } from "node:fs/promises";
import { describe, expect, test } from "vitest";
import { up } from "../../engine/traces/scenario.ts";
import { recordingOf, topics } from "../../engine/traces/scenarios/index.ts";
import { type StepTrace, traceText } from "../../engine/traces/trace.ts";
import { TracedStack } from "./traced-stack.ts";

for (const [topic, scenarios] of Object.entries(topics))
  describe(`the model of the engine calls a provider as the engine does: ${topic}`, () => {
    for (const scenario of scenarios)
      test(scenario.title, async () => {
        const { start = {}, given = [], refreshAlways = false, steps } = scenario;
        const stack = new TracedStack();
        const traces: StepTrace[] = [];
        let program = start;
        for (const step of [up(start), ...given, ...steps]) {
          program = step.program ?? program;
          traces.push(await stack.run(step, program, refreshAlways));
        }
        expect(traceText(scenario, traces.slice(1 + given.length))).toBe(
          await readFile(recordingOf(topic, scenario), "utf8"),
        );
      });
  });
