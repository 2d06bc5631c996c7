import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { lifecycleFrom } from "../../provider/stored-provider";

const name = "pulumi-datadog-application-key";
const byName = `${name}/provider`;
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

/** A package that is only a name. */
function packageIn(where: string, packageName: string): string {
  writeFileSync(path.join(folder(where), "package.json"), JSON.stringify({ name: packageName }));
  return path.join(root, where);
}

/** A copy of this package. */
function copyIn(where: string): string {
  folder(where, path.dirname(lifecycle));
  writeFileSync(path.join(root, where, lifecycle), "");
  const manifest = { name, exports: { "./provider": `./${lifecycle}` } };
  writeFileSync(path.join(root, where, "package.json"), JSON.stringify(manifest));
  return path.join(root, where);
}

function link(from: string, to: string): void {
  mkdirSync(path.dirname(path.join(root, from)), { recursive: true });
  symlinkSync(path.join(root, to), path.join(root, from), "junction");
}

test("a copy in the program's own node_modules is named", () => {
  const copy = copyIn(`program/node_modules/${name}`);
  expect(lifecycleFrom(folder("program"), copy)).toBe(byName);
});

test("a copy that a folder above has is named", () => {
  const copy = copyIn(`node_modules/${name}`);
  expect(lifecycleFrom(folder("packages/program"), copy)).toBe(byName);
});

test("a linked copy is named", () => {
  const copy = copyIn("elsewhere/checkout");
  link(`program/node_modules/${name}`, "elsewhere/checkout");
  expect(lifecycleFrom(folder("program"), copy)).toBe(byName);
});

test("a copy below a component library is named by its path", () => {
  const copy = copyIn(`program/node_modules/library/node_modules/${name}`);
  expect(lifecycleFrom(folder("program"), copy)).toBe(`./node_modules/library/node_modules/${name}/${lifecycle}`);
});

test("where the name finds another copy, this one is named by its path", () => {
  copyIn(`program/node_modules/${name}`);
  const copy = copyIn(`program/node_modules/@scope/library/node_modules/${name}`);
  expect(lifecycleFrom(folder("program"), copy)).toBe(
    `./node_modules/@scope/library/node_modules/${name}/${lifecycle}`,
  );
});

test("a component library's copy in a folder above is named from the program's folder", () => {
  const copy = copyIn(`node_modules/library/node_modules/${name}`);
  expect(lifecycleFrom(folder("packages/program"), copy)).toBe(
    `../../node_modules/library/node_modules/${name}/${lifecycle}`,
  );
});

test("the copy of a linked component library is named through the program's node_modules", () => {
  const copy = copyIn(`elsewhere/checkout/node_modules/${name}`);
  packageIn("elsewhere/checkout", "@scope/library");
  link("program/node_modules/@scope/library", "elsewhere/checkout");
  expect(lifecycleFrom(folder("program"), copy)).toBe(
    `./node_modules/@scope/library/node_modules/${name}/${lifecycle}`,
  );
});

test("pnpm's copy is named by the link that has no version in its path", () => {
  const stored = `program/node_modules/.pnpm/${name}@0.1.0_@pulumi+pulumi@3.270.0/node_modules/${name}`;
  const copy = copyIn(stored);
  link(`program/node_modules/.pnpm/node_modules/${name}`, stored);
  expect(lifecycleFrom(folder("program"), copy)).toBe(`./node_modules/.pnpm/node_modules/${name}/${lifecycle}`);
});

test("of two copies of pnpm's, the one that its link does not lead to is named by its own path", () => {
  const stored = (version: string) => `program/node_modules/.pnpm/${name}@${version}/node_modules/${name}`;
  copyIn(stored("0.1.0"));
  const copy = copyIn(stored("0.2.0"));
  link(`program/node_modules/.pnpm/node_modules/${name}`, stored("0.1.0"));
  expect(lifecycleFrom(folder("program"), copy)).toBe(
    `./node_modules/.pnpm/${name}@0.2.0/node_modules/${name}/${lifecycle}`,
  );
});

test("in a bundle, whose files are not where they were, the package is named", () => {
  expect(lifecycleFrom(folder("program"), folder("program/dist"))).toBe(byName);
});
