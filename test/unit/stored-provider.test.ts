import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { versionFoundFrom, storedProvider } from "../../provider/stored-provider";

const name = "pulumi-datadog-application-key";

let root: string;

beforeEach(() => {
  root = realpathSync(mkdtempSync(path.join(os.tmpdir(), "layout-")));
});

afterEach(() => {
  rmSync(root, { recursive: true });
});

/** Creates a folder and returns its path. */
function folder(...parts: string[]): string {
  const made = path.join(root, ...parts);
  mkdirSync(made, { recursive: true });
  return made;
}

/** A copy of this package. */
function copyIn(...where: string[]): string {
  const copy = folder(...where);
  writeFileSync(path.join(copy, "package.json"), JSON.stringify({ name, version: "1.2.3" }));
  return copy;
}

test("the text in the state is the same for every program, and names the package and no path", () => {
  expect(storedProvider).toBe('exports.handler = () => require("pulumi-datadog-application-key/provider");');
});

test("a copy in the program's own node_modules is found", () => {
  copyIn("program/node_modules", name);
  expect(versionFoundFrom(folder("program"))).toBe("1.2.3");
});

test("a copy in a parent folder is found", () => {
  copyIn("node_modules", name);
  expect(versionFoundFrom(folder("packages/program"))).toBe("1.2.3");
});

test("a linked copy is found", () => {
  const copy = copyIn("elsewhere/checkout");
  symlinkSync(copy, path.join(folder("program/node_modules"), name), "junction");
  expect(versionFoundFrom(folder("program"))).toBe("1.2.3");
});

test("a copy inside a component library is not found", () => {
  copyIn("program/node_modules/library/node_modules", name);
  expect(versionFoundFrom(folder("program"))).toBeUndefined();
});
