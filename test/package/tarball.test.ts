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

beforeAll(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), "tarball-"));
  const { stdout } = await execa("npm", ["pack", "--json", "--pack-destination", folder]);
  const [first] = JSON.parse(stdout) as Packed[];
  if (!first) throw new Error("npm packed nothing");
  packed = first;
});

afterAll(() => rm(folder, { recursive: true }));

test("the tarball holds the built package, its README and its licence, and nothing else", () => {
  const outside = packed.files
    .map((file) => file.path)
    .filter((file) => !/^dist\/(provider|sandbox)\/.+\.(js|d\.ts)$/.test(file));
  expect(outside.sort()).toEqual(["LICENSE", "README.md", "package.json"]);
});

test("of the declarations it holds those that users' programs need, and no others", async () => {
  const exported = ["provider/index", "provider/lifecycle/index", "sandbox/index"].map((name) => `dist/${name}.d.ts`);
  const needed = new Set(exported);
  for (const file of needed) {
    const text = await readFile(file, "utf8");
    for (const [, relative = ""] of text.matchAll(/(?:from |import\()"(\.[^"]*)"/g))
      needed.add(`${path.posix.join(path.posix.dirname(file), relative)}.d.ts`);
  }
  const declarations = packed.files.map((file) => file.path).filter((file) => file.endsWith(".d.ts"));
  expect(declarations.sort()).toEqual([...needed].sort());
});

test("a program loads one file of it, and the provider process two until it sends something", async () => {
  const loaded = async (file: string): Promise<string[]> => {
    const text = await readFile(file, "utf8");
    // What is loaded late stands in a function.
    const early = [...text.matchAll(/(?<!=>)require\([`"'](\.[^`"']*)/g)].map(([, relative = ""]) => relative);
    const below = early.map((relative) => loaded(path.posix.join(path.posix.dirname(file), relative)));
    return [file, ...(await Promise.all(below)).flat()];
  };
  expect(await loaded("dist/provider/index.js")).toEqual(["dist/provider/index.js"]);
  const lifecycle = await loaded("dist/provider/lifecycle/index.js");
  expect(lifecycle).toHaveLength(2);
  expect(lifecycle).not.toContain("dist/provider/lifecycle/loaded-late.js");
});

test("it unpacks to less than 100 kB", () => {
  expect(packed.unpackedSize).toBeLessThan(100_000);
});

// The provider is a module whose exports are its methods, and its own default export besides: the SDK's serialiser takes
// nothing else for a module. A bundler may see the one or the other, which both tools warn of and which no engine meets.
const known = ["CJS_WITH_ESMODULE_DEFAULT_EXPORT", "CJSOnlyExportsDefault"];

test("publint finds nothing but what is known", async () => {
  const { messages } = await publint({ pkgDir: process.cwd(), level: "warning", pack: false });
  expect(messages.filter(({ code }) => !known.includes(code))).toEqual([]);
});

test("the types are right for node10, node16 and bundler resolution", async () => {
  const data = new Uint8Array(await readFile(path.join(folder, packed.filename)));
  const analysis = await checkPackage(createPackageFromTarballData(data));
  if (!analysis.types) throw new Error("the package has no types");
  expect(analysis.problems.filter(({ kind }) => !known.includes(kind))).toEqual([]);
});
