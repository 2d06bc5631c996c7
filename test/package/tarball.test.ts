import { checkPackage, createPackageFromTarballData } from "@arethetypeswrong/core";
import { execa } from "execa";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { publint } from "publint";
import { afterAll, beforeAll, expect, test } from "vitest";

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

test("the tarball holds the built package, sources of what it exports, its README and its licence, and nothing else", () => {
  const outside = files.filter(
    (file) => !/^dist\/provider\/.+\.(js|d\.ts)(\.map)?$/.test(file) && !/^provider\/.+\.ts$/.test(file),
  );
  expect(outside.sort()).toEqual(["LICENSE", "README.md", "package.json"]);
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
  for (const file of files.filter((file) => file.endsWith(".js"))) {
    const lines = (await readFile(file, "utf8")).split("\n");
    expect(Math.max(...lines.map((line) => line.length)), file).toBeLessThan(500);
    expect(lines.at(-1), file).toBe(`//# sourceMappingURL=${path.basename(file)}.map`);
    const { sources, sourcesContent = [] } = await readMap(`${file}.map`);
    const originals = sources.map((source) => readFile(path.join(path.dirname(file), source), "utf8"));
    expect(sourcesContent, file).toEqual(await Promise.all(originals));
  }
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
  expect(lifecycle).not.toContain("dist/provider/lifecycle/loaded-late.js");
});

test("it unpacks to less than 500 kB", () => {
  expect(packed.unpackedSize).toBeLessThan(500_000);
});

// The provider is a module whose exports are its methods, and its own default export besides: the SDK's serialiser takes
// nothing else for a module. A bundler may see the one or the other, which both tools warn of and which no engine meets.
const known = ["CJS_WITH_ESMODULE_DEFAULT_EXPORT", "CJSOnlyExportsDefault"];

test("publint finds nothing but what is known", async () => {
  const { buffer } = new Uint8Array(await readFile(path.join(folder, packed.filename)));
  const { messages } = await publint({ pack: { tarball: buffer } });
  expect(messages.filter(({ code }) => !known.includes(code))).toEqual([]);
});

test("the types are right for node10, node16 and bundler resolution", async () => {
  const data = new Uint8Array(await readFile(path.join(folder, packed.filename)));
  const analysis = await checkPackage(createPackageFromTarballData(data));
  if (!analysis.types) throw new Error("the package has no types");
  expect(analysis.problems.filter(({ kind }) => !known.includes(kind))).toEqual([]);
});

async function readMap(file: string): Promise<{ sources: string[]; sourcesContent?: string[] }> {
  return JSON.parse(await readFile(file, "utf8")) as { sources: string[]; sourcesContent?: string[] };
}
