import { mkdir, rm, utimes, writeFile } from "node:fs/promises";
import path from "node:path";
import { expect, test } from "vitest";
import { isBuilt } from "../../../tools/build/is-built.mjs";
import { hasNode, isInstalled } from "../../../tools/installed.mjs";
import { isWritable } from "../../../tools/writable.mjs";
import { executable, temporaryFolder } from "../support/fake-engine.ts";

const wanted = {
  "": { dependencies: { a: "^1" } },
  "node_modules/a": { version: "1.0.0", integrity: "sha512-a" },
  "node_modules/only-on-another-platform": { version: "1.0.0", integrity: "sha512-b", optional: true },
};

/** A checkout with the packages in package-lock.json installed. */
async function installation(present: object = { "node_modules/a": wanted["node_modules/a"] }): Promise<string> {
  const root = await temporaryFolder();
  const bin = path.join(root, "node_modules", "node", "bin");
  await mkdir(bin, { recursive: true });
  await executable(path.join(bin, "node"), "echo v24.0.0");
  await writeFile(path.join(root, "package.json"), JSON.stringify({ dependencies: { a: "^1" } }));
  await writeFile(path.join(root, "package-lock.json"), JSON.stringify({ packages: wanted }));
  await writeFile(path.join(root, "node_modules", ".package-lock.json"), JSON.stringify({ packages: present }));
  return root;
}

test("a complete installation is not repeated", async () => {
  expect(await isInstalled(await installation())).toBe(true);
});

test("an installation with other versions is repeated", async () => {
  expect(await isInstalled(await installation({ "node_modules/a": { version: "1.0.1" } }))).toBe(false);
  expect(await isInstalled(await installation({}))).toBe(false);
});

test("an interrupted installation, without npm's lockfile or Node.js, is repeated", async () => {
  const unfinished = await installation();
  await rm(path.join(unfinished, "node_modules", ".package-lock.json"));
  expect(await isInstalled(unfinished)).toBe(false);
  const withoutNode = await installation();
  expect(await hasNode(withoutNode)).toBe(true);
  await rm(path.join(withoutNode, "node_modules", "node"), { recursive: true });
  expect(await hasNode(withoutNode)).toBe(false);
});

test("a package.json that needs more than the lockfile has leads to npm ci, which reports it", async () => {
  const root = await installation();
  await writeFile(path.join(root, "package.json"), JSON.stringify({ dependencies: { a: "^1", b: "^1" } }));
  expect(await isInstalled(root)).toBe(false);
});

test("a package.json of the workspace does the same", async () => {
  const root = await installation();
  const packages = { ...wanted, sandbox: { dependencies: { c: "^1" } } };
  await writeFile(path.join(root, "package-lock.json"), JSON.stringify({ packages }));
  await writeFile(path.join(root, "node_modules", ".package-lock.json"), JSON.stringify({ packages }));
  const asksFor = (dependencies: object) =>
    writeFile(path.join(root, "sandbox", "package.json"), JSON.stringify({ dependencies }));
  await mkdir(path.join(root, "sandbox"));
  await asksFor({ c: "^1" });
  expect(await isInstalled(root)).toBe(true);
  await asksFor({ c: "^1", d: "^1" });
  expect(await isInstalled(root)).toBe(false);
});

test("dist is built again if any source is newer than any output, or if an output is missing", async () => {
  const root = await temporaryFolder();
  const sources = ["provider/index.ts", "sandbox/cli.ts"].map((file) => path.join(root, file));
  const outputs = ["dist/provider/index.d.ts", "sandbox/dist/cli.d.ts"].map((file) => path.join(root, file));
  for (const file of [...sources, ...outputs]) {
    await mkdir(path.dirname(file), { recursive: true });
    await writeFile(file, "");
  }
  const at = (files: readonly string[], second: number) =>
    Promise.all(files.map((file) => utimes(file, second, second)));
  await at(sources, 1);
  await at(outputs, 2);
  expect(await isBuilt(root)).toBe(true);
  await at(sources.slice(1), 3);
  expect(await isBuilt(root)).toBe(false);
  // The types of one file are in the outputs of others, so it is not enough that the output of the changed file is
  // newer.
  await at(outputs.slice(1), 4);
  expect(await isBuilt(root)).toBe(false);
  await at(outputs, 4);
  expect(await isBuilt(root)).toBe(true);
  for (const output of outputs.slice(1)) await rm(output);
  expect(await isBuilt(root)).toBe(false);
});

test("a folder that cannot be created is not writable", async () => {
  const root = await temporaryFolder();
  expect(await isWritable(path.join(root, "a", "b"))).toBe(true);
  await writeFile(path.join(root, "file"), "");
  expect(await isWritable(path.join(root, "file", "a"))).toBe(false);
});
