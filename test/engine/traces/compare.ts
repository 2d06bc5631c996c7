import { mkdir, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import path from "node:path";
import process from "node:process";
import { beforeAll, describe, test } from "vitest";
import { findEngine } from "../../../tools/engine/get-engine.mts";
import { runScenario } from "./run-scenario.ts";
import { recordedFolder, recordingOf, topics } from "./scenarios/index.ts";

type Versions = Record<"engine" | "sdk", string>;

/** Set by `npm run traces`. */
export const recording = process.env["RECORD_TRACES"] === "1";
const versionsFile = path.join(recordedFolder, "versions.json");

/** The scenarios that run if the engine is the recorded version: the most important one of each kind. */
const SMOKE = [
  "plain/up-new-changed-replaced-and-removed-in-parallel",
  "replaced/keepers-with-a-dependent-that-is-updated",
  "refreshed/up-refresh-keepers",
  "unfinished/created-in-part-then-up",
  "options/ignorechanges",
].map((name) => path.join(recordedFolder, `${name}.txt`));

export const isSmoke = (file: string): boolean => SMOKE.includes(file);

/** Whether the current engine and SDK are the recorded versions. */
export async function isAsRecorded(): Promise<boolean> {
  const [then, now] = [await recordedVersions(), await versions()];
  return then.engine === now.engine && then.sdk === now.sdk;
}

/** Defines a test for each scenario with a chosen recording. */
export function testTraces(chosen: (file: string) => boolean): void {
  beforeAll(async () => {
    if (!recording) return;
    await mkdir(recordedFolder, { recursive: true });
    await writeFile(versionsFile, `${JSON.stringify(await versions(), undefined, 2)}\n`);
    for (const stale of await strayRecordings()) await rm(path.join(recordedFolder, stale));
  });
  for (const [topic, scenarios] of Object.entries(topics)) {
    const those = scenarios.filter((scenario) => chosen(recordingOf(topic, scenario)));
    // A describe without a test would be an error.
    if (those.length === 0) continue;
    describe(`the engine calls a provider as recorded: ${topic}`, () => {
      for (const scenario of those) {
        const file = recordingOf(topic, scenario);
        test.concurrent(scenario.title, async ({ expect }) => {
          const trace = await runScenario(scenario);
          if (recording) {
            await mkdir(path.dirname(file), { recursive: true });
            await writeFile(file, trace);
          } else if (trace !== (await readFile(file, "utf8"))) {
            expect(trace, await whatToDo()).toBe(await readFile(file, "utf8"));
          }
        });
      }
    });
  }
}

/** Recordings without a scenario. */
export async function strayRecordings(): Promise<string[]> {
  const wanted = Object.entries(topics).flatMap(([topic, scenarios]) =>
    scenarios.map((scenario) => path.relative(recordedFolder, recordingOf(topic, scenario))),
  );
  const kept = (await readdir(recordedFolder, { recursive: true })).filter((file) => file.endsWith(".txt"));
  return kept.filter((file) => !wanted.includes(file));
}

async function versions(): Promise<Versions> {
  const { version: sdk } = createRequire(import.meta.url)("@pulumi/pulumi/package.json") as { version: string };
  return { engine: (await findEngine())?.version ?? "none", sdk };
}

async function recordedVersions(): Promise<Versions> {
  return JSON.parse(await readFile(versionsFile, "utf8")) as Versions;
}

async function whatToDo(): Promise<string> {
  const [then, now] = [await recordedVersions(), await versions()];
  return [
    "The engine's calls differ from the recording",
    (await isAsRecorded())
      ? " of the same versions."
      : `. It was made with engine ${then.engine} and SDK ${then.sdk}. The current versions are ${now.engine} and ${now.sdk}.`,
    " Run `npm run traces` to record them again, read the changes, and check the lifecycle and the model of the engine against them.",
  ].join("");
}
