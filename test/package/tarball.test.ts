import { execa } from "execa";
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

/** Other people's code, in a file of its own. */
const axios = "dist/provider/axios.js";

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

test("the tarball holds the built package, sources of what it exports, its README and its licence, and nothing else", () => {
  const outside = files.filter(
    (file) => !/^dist\/provider\/.+\.(js|d\.ts)(\.map)?$/.test(file) && !/^provider\/.+\.ts$/.test(file),
  );
  expect(outside.sort()).toEqual(["LICENSE", "README.md", "dist/provider/axios.LICENSE.txt", "package.json"]);
});

test("of the declarations it holds those that users' programs need, each with its map and its source", async () => {
  const exported = ["provider/index", "provider/lifecycle/index"].map((name) => `dist/${name}.d.ts`);
  const needed = new Set(exported);
  for (const file of needed) {
    const text = await readFile(file, "utf8");
    for (const [, relative = ""] of text.matchAll(/(?:from |import\()"(\.[^"]*)"/g))
      needed.add(`${path.posix.join(path.posix.dirname(file), relative)}.d.ts`);
  }
  const declarations = files.filter((file) => file.endsWith(".d.ts"));
  expect(declarations.sort()).toEqual([...needed].sort());
  expect(files.filter((file) => file.endsWith(".d.ts.map")).sort()).toEqual(
    declarations.map((file) => `${file}.map`).sort(),
  );
  for (const file of declarations) {
    const { sources } = await readMap(`${file}.map`);
    expect(sources.map((source) => path.posix.join(path.posix.dirname(file), source))).toEqual(
      files.filter((source) => source === file.replace("dist/", "").replace(/d\.ts$/, "ts")),
    );
  }
});

test("its code reads as it was written, and each file's source map brings the sources along", async () => {
  for (const file of files.filter((file) => file.endsWith(".js") && file !== axios)) {
    const lines = (await readFile(file, "utf8")).split("\n");
    expect(Math.max(...lines.map((line) => line.length)), file).toBeLessThan(1_000);
    expect(lines.at(-1), file).toBe(`//# sourceMappingURL=${path.basename(file)}.map`);
    const { sources, sourcesContent = [] } = await readMap(`${file}.map`);
    const originals = sources.map((source) => readFile(path.join(path.dirname(file), source), "utf8"));
    expect(sourcesContent, file).toEqual(await Promise.all(originals));
  }
});

test("axios is in it, not minified, with the licences of all that came with it and nothing that forms need", async () => {
  const text = await readFile(axios, "utf8");
  expect(Math.max(...text.split("\n").map((line) => line.length))).toBeLessThan(1_000);
  const bundled = new Set([...text.matchAll(/^\/\/ .*node_modules\/((?:@[^/]+\/)?[^/]+)\//gm)].map(([, name]) => name));
  const licences = await readFile(axios.replace(".js", ".LICENSE.txt"), "utf8");
  const licensed = new Set([...licences.matchAll(/^(\S+) \d+\.\d+\.\d+ \(\S+\)$/gm)].map(([, name]) => name));
  expect(bundled).toContain("axios");
  expect(licensed).toEqual(bundled);
  expect(licensed).not.toContain("form-data");
});

test("a program loads one file of it, and the provider process two until it sends something", async () => {
  const loaded = async (file: string): Promise<string[]> => {
    const text = await readFile(file, "utf8");
    // What is loaded late stands in a function.
    const early = [...text.matchAll(/(?<!=> ?)require\("(\.[^"]*)/g)].map(([, relative = ""]) => relative);
    const below = early.map((relative) => loaded(path.posix.join(path.posix.dirname(file), relative)));
    return [file, ...(await Promise.all(below)).flat()];
  };
  expect(await loaded("dist/provider/index.js")).toEqual(["dist/provider/index.js"]);
  const lifecycle = await loaded("dist/provider/lifecycle/index.js");
  expect(lifecycle).toHaveLength(2);
  expect(lifecycle).not.toContain(axios);
  expect(lifecycle).not.toContain("dist/provider/lifecycle/loaded-late.js");
});

test("it unpacks to less than 1 MB", () => {
  expect(packed.unpackedSize).toBeLessThan(1_000_000);
});

test("publint finds nothing in it, and its types are right for node10, node16 and bundler resolution", async () => {
  expect(await findingsIn(path.join(folder, packed.filename))).toEqual([]);
});

async function readMap(file: string): Promise<{ sources: string[]; sourcesContent?: string[] }> {
  return JSON.parse(await readFile(file, "utf8")) as { sources: string[]; sourcesContent?: string[] };
}
