import { readdir, readFile, writeFile } from "node:fs/promises";
import path from "node:path";
import { expect, test } from "vitest";
import { ENGINE_VERSION } from "../../../tools/engine/engine.mts";
import { findEngine } from "../../../tools/engine/get-engine.mts";
import { executable, fakeEngine, surroundings, temporaryFolder } from "../support/fake-engine.ts";

const kept = path.join("pulumi-datadog-application-key", "engine");

test("an official CLI on PATH is used as it is", async () => {
  const folder = await temporaryFolder();
  const official = await fakeEngine(path.join(folder, "official"), { languageHost: true });
  surroundings({ cache: path.join(folder, "cache"), onPath: [official] });
  expect(await findEngine()).toEqual({ command: path.join(official, "pulumi"), folder: official, version: "3.1.2" });
  expect(await readdir(official)).toEqual(["pulumi", "pulumi-language-nodejs"]);
});

test("a pulumi on PATH that does not run, or is too old, is skipped", async () => {
  const folder = await temporaryFolder();
  const broken = await fakeEngine(path.join(folder, "broken"), { languageHost: true });
  await executable(path.join(broken, "pulumi"), "exit 1");
  const old = await fakeEngine(path.join(folder, "old"), { version: "v2.25.0", languageHost: true });
  const good = await fakeEngine(path.join(folder, "good"), { languageHost: true });
  surroundings({ cache: path.join(folder, "cache"), onPath: [broken, old, good] });
  expect(await findEngine()).toMatchObject({ folder: good });
});

test("a CLI on PATH without a language host is copied and gets ours, and the original stays unchanged", async () => {
  const folder = await temporaryFolder();
  const bare = await fakeEngine(path.join(folder, "bare"));
  surroundings({ cache: path.join(folder, "cache"), onPath: [bare] });
  const engine = await findEngine();
  expect(engine?.folder.startsWith(path.join(folder, "cache", kept))).toBe(true);
  expect(await readdir(engine?.folder ?? "")).toEqual([
    "language-host.mts",
    "pulumi",
    "pulumi-language-bun",
    "pulumi-language-nodejs",
    "pulumi-resource-pulumi-nodejs",
  ]);
  expect(await readdir(bare)).toEqual(["pulumi"]);
  expect(await findEngine()).toEqual(engine);
});

test("without pulumi on PATH, the cached one is used with the language host of this checkout", async () => {
  const folder = await temporaryFolder();
  const bin = await fakeEngine(path.join(folder, kept, `v${ENGINE_VERSION}`, "bin"));
  await writeFile(path.join(bin, "language-host.mts"), "of an older checkout");
  await executable(path.join(bin, "pulumi-language-nodejs"), "of an older checkout");
  surroundings({ cache: folder });
  expect(await findEngine()).toMatchObject({ folder: bin });
  expect(await readdir(bin)).toContain("pulumi-resource-pulumi-nodejs");
  expect(await readFile(path.join(bin, "language-host.mts"), "utf8")).toContain("LanguageRuntimeService");
});

test("without an engine, none is found and nothing is created", async () => {
  const folder = await temporaryFolder();
  surroundings({ cache: folder });
  expect(await findEngine()).toBeUndefined();
  expect(await readdir(path.join(folder, kept))).toEqual([]);
});
