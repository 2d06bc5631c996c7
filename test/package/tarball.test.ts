import { execa } from "execa";
import { globSync } from "node:fs";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { findingsIn } from "./support/lint.ts";

interface Packed {
  filename: string;
  unpackedSize: number;
  files: { path: string; size: number }[];
}

let folder: string;
let packed: Packed;
let files: string[];

beforeAll(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), "tarball-"));
  const { stdout } = await execa("npm", ["pack", "--json", "--ignore-scripts", "--pack-destination", folder]);
  const [first] = JSON.parse(stdout) as Packed[];
  if (!first) throw new Error("npm packed nothing");
  packed = first;
  files = packed.files.map((file) => file.path);
});

afterAll(() => rm(folder, { recursive: true }));

test("the tarball contains the sources, their build, the README and the licence, and nothing else", () => {
  const sources = globSync("provider/**/*.ts").map((file) => file.split(path.sep).join("/"));
  const built = sources.flatMap((source) =>
    ["js", "js.map", "d.ts", "d.ts.map"].map((ending) => `dist/${source.replace(/ts$/, ending)}`),
  );
  expect(files.sort()).toEqual([...sources, ...built, "LICENSE", "README.md", "package.json"].sort());
});

test("the code is not minified, and each source map points to a source in the tarball", async () => {
  for (const file of files.filter((file) => file.endsWith(".js")))
    expect(Math.max(...(await readFile(file, "utf8")).split("\n").map((line) => line.length)), file).toBeLessThan(500);
  for (const file of files.filter((file) => file.endsWith(".map"))) {
    const { sources } = JSON.parse(await readFile(file, "utf8")) as { sources: string[] };
    const paths = sources.map((source) => path.posix.join(path.posix.dirname(file), source));
    expect(paths, file).toEqual([file.replace("dist/", "").replace(/(d\.ts|js)\.map$/, "ts")]);
  }
});

test("the tarball unpacks to less than 1.5 MB", () => {
  expect(packed.unpackedSize).toBeLessThan(1_500_000);
});

test("publint reports nothing, and the types resolve with node10, node16 and bundler resolution", async () => {
  expect(await findingsIn(path.join(folder, packed.filename))).toEqual([]);
});
