import { mkdir, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import path from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import { findEngine } from "../../tools/engine/get-engine.mts";
import { runScenario } from "./traces/run-scenario.ts";
import { recordedFolder, recordingOf, topics } from "./traces/scenarios/index.ts";

/** `npm run traces` */
const recording = process.env["RECORD_TRACES"] === "1";
const versionsFile = path.join(recordedFolder, "versions.json");

beforeAll(async () => {
  if (!recording) return;
  await mkdir(recordedFolder, { recursive: true });
  await writeFile(versionsFile, `${JSON.stringify(await versions(), undefined, 2)}\n`);
  for (const stale of await strayRecordings()) await rm(path.join(recordedFolder, stale));
});

for (const [topic, scenarios] of Object.entries(topics))
  describe(`the engine calls a provider as recorded: ${topic}`, () => {
    for (const scenario of scenarios)
      test.concurrent(scenario.title, async ({ expect }) => {
        const trace = await runScenario(scenario);
        const file = recordingOf(topic, scenario);
        if (recording) {
          await mkdir(path.dirname(file), { recursive: true });
          await writeFile(file, trace);
        } else if (trace !== (await readFile(file, "utf8"))) {
          expect(trace, await whatToDo()).toBe(await readFile(file, "utf8"));
        }
      });
  });

test("every recording is of a scenario", async () => {
  expect(await strayRecordings()).toEqual([]);
});

async function strayRecordings(): Promise<string[]> {
  const wanted = Object.entries(topics).flatMap(([topic, scenarios]) =>
    scenarios.map((scenario) => path.relative(recordedFolder, recordingOf(topic, scenario))),
  );
  const kept = (await readdir(recordedFolder, { recursive: true })).filter((file) => file.endsWith(".txt"));
  return kept.filter((file) => !wanted.includes(file));
}

async function versions(): Promise<Record<"engine" | "sdk", string>> {
  const { version: sdk } = createRequire(import.meta.url)("@pulumi/pulumi/package.json") as { version: string };
  return { engine: (await findEngine())?.version ?? "none", sdk };
}

async function whatToDo(): Promise<string> {
  const then = await readFile(versionsFile, "utf8").then((text) => JSON.parse(text) as Record<string, string>);
  const now = await versions();
  const same = then["engine"] === now.engine && then["sdk"] === now.sdk;
  return [
    "The engine's calls are not as recorded",
    same
      ? " (by the same versions)."
      : `: by engine ${then["engine"]} and SDK ${then["sdk"]}; here are ${now.engine} and ${now.sdk}.`,
    " `npm run traces` records them anew: read what has changed, and hold the lifecycle and the model of the engine against it.",
  ].join("");
}
