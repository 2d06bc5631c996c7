import { mkdir, readdir, utimes, writeFile } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { expect, test, vi } from "vitest";
import { engineCache, keepEngine, type Make } from "../../../tools/engine/cache.mts";
import { executable, fakeEngine, surroundings, temporaryFolder } from "../support/fake-engine.ts";

const silent = () => undefined;
const make: Make = async (folder) => {
  await fakeEngine(folder);
};

async function emptyCache(): Promise<string> {
  surroundings({ cache: await temporaryFolder() });
  return engineCache();
}

test("an engine is stored under its name", async () => {
  const cache = await emptyCache();
  const engine = await keepEngine("v3", make, silent);
  expect(engine).toMatchObject({ folder: path.join(cache, "v3", "bin"), version: "3.1.2" });
  expect(await readdir(cache)).toEqual(["v3"]);
});

test("an engine that does not run is not stored", async () => {
  const cache = await emptyCache();
  const broken: Make = (folder) => executable(path.join(folder, "pulumi"), "exit 1");
  await expect(keepEngine("v3", broken, silent)).rejects.toThrow("does not run");
  expect(await readdir(cache)).toEqual([]);
});

test("a failed attempt leaves nothing behind, and the next can succeed", async () => {
  const cache = await emptyCache();
  await expect(keepEngine("v3", () => Promise.reject(new Error("no network")), silent)).rejects.toThrow("no network");
  expect(await readdir(cache)).toEqual([]);
  expect(await keepEngine("v3", make, silent)).toMatchObject({ version: "3.1.2" });
});

test("of two attempts at once, one gets the engine and the other uses it", async () => {
  await emptyCache();
  const counted = vi.fn(make);
  const [first, second] = await Promise.all([keepEngine("v3", counted, silent), keepEngine("v3", counted, silent)]);
  expect(counted).toHaveBeenCalledOnce();
  expect(second).toEqual(first);
});

test("a lock and an incomplete engine from a killed attempt do no harm", async () => {
  const cache = await emptyCache();
  await mkdir(path.join(cache, "v3.partial", "bin"), { recursive: true });
  await writeFile(path.join(cache, "v3.partial", "bin", "half"), "");
  await mkdir(path.join(cache, "v3.lock"));
  const longAgo = new Date(Date.now() - 60_000);
  await utimes(path.join(cache, "v3.lock"), longAgo, longAgo);
  const engine = await keepEngine("v3", make, silent);
  expect(await readdir(engine.folder)).not.toContain("half");
  expect(await readdir(cache)).toEqual(["v3"]);
});

test("a stored engine that no longer runs is replaced", async () => {
  const cache = await emptyCache();
  await mkdir(path.join(cache, "v3", "bin"), { recursive: true });
  await executable(path.join(cache, "v3", "bin", "pulumi"), "exit 1");
  expect(await keepEngine("v3", make, silent)).toMatchObject({ version: "3.1.2" });
});

test("if the user's cache is not writable, the user's folder in the temporary folder is used", async () => {
  const folder = await temporaryFolder();
  await writeFile(path.join(folder, "cache"), "a file where a folder should be");
  surroundings({ cache: path.join(folder, "cache") });
  vi.stubEnv("TMPDIR", folder);
  expect(path.dirname(await engineCache())).toBe(os.tmpdir());
});
