import { execa } from "execa";
import { readFile } from "node:fs/promises";
import path from "node:path";
import { beforeAll, expect, test } from "vitest";
import { freshFolder, pack } from "./support/layout.ts";
import { findingsIn } from "./support/lint.ts";

let tarball: string;
let unpacked: string;

beforeAll(async () => {
  tarball = await pack(path.resolve("sandbox"));
  unpacked = await freshFolder();
  await execa("tar", ["-xzf", tarball, "-C", unpacked, "--strip-components=1"]);
});

test("the sandbox's tarball has its own README and licence", async () => {
  expect(await readFile(path.join(unpacked, "README.md"), "utf8")).toMatch(/^# datadog-key-sandbox\n/);
  expect(await readFile(path.join(unpacked, "LICENSE"), "utf8")).toBe(await readFile("LICENSE", "utf8"));
});

test("the sandbox's tarball contains no file of the provider and does not depend on it", async () => {
  const { dependencies } = JSON.parse(await readFile(path.join(unpacked, "package.json"), "utf8")) as {
    dependencies: Record<string, string>;
  };
  expect(Object.keys(dependencies)).toEqual(["commander", "fastest-levenshtein", "fastify"]);
  for (const file of ["index.js", "cli.js"]) {
    const { sources } = JSON.parse(await readFile(path.join(unpacked, "dist", `${file}.map`), "utf8")) as {
      sources: string[];
    };
    expect(sources.length).toBeGreaterThan(0);
    for (const source of sources) expect(source).toMatch(/^\.\.\/[\w-]+(\/[\w-]+)*\.ts$/);
  }
});

test("publint reports nothing, and the types resolve with node10, node16 and bundler resolution", async () => {
  expect(await findingsIn(tarball)).toEqual([]);
});
