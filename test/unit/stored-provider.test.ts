import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { findsPackage, storedProvider } from "../../provider/stored-provider";

const name = "pulumi-datadog-application-key";
const lifecycle = "dist/provider/lifecycle/index.js";

let root: string;

beforeEach(() => {
  root = realpathSync(mkdtempSync(path.join(os.tmpdir(), "layout-")));
});

afterEach(() => {
  rmSync(root, { recursive: true });
});

/** Makes a folder and gives its path. */
function folder(...parts: string[]): string {
  const made = path.join(root, ...parts);
  mkdirSync(made, { recursive: true });
  return made;
}

/** A copy of this package. */
function copyIn(...where: string[]): string {
  const copy = folder(...where);
  folder(...where, path.dirname(lifecycle));
  writeFileSync(path.join(copy, lifecycle), "");
  writeFileSync(path.join(copy, "package.json"), JSON.stringify({ name, exports: { "./provider": `./${lifecycle}` } }));
  return copy;
}

test("the text in the state is the same for every program, and names the package and no path", () => {
  expect(storedProvider).toBe('exports.handler = () => require("pulumi-datadog-application-key/provider");');
});

test("a copy in the program's own node_modules is found", () => {
  copyIn("program/node_modules", name);
  expect(findsPackage(folder("program"))).toBe(true);
});

test("a copy that a folder above has is found", () => {
  copyIn("node_modules", name);
  expect(findsPackage(folder("packages/program"))).toBe(true);
});

test("a linked copy is found", () => {
  const copy = copyIn("elsewhere/checkout");
  symlinkSync(copy, path.join(folder("program/node_modules"), name), "junction");
  expect(findsPackage(folder("program"))).toBe(true);
});

test("a copy that only a component library has is not found", () => {
  copyIn("program/node_modules/library/node_modules", name);
  expect(findsPackage(folder("program"))).toBe(false);
});
