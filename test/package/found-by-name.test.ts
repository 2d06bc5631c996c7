import { cp, mkdir, readFile, readdir, symlink } from "node:fs/promises";
import path from "node:path";
import { expect, test } from "vitest";
import { freshFolder, expectPreview, expectMissingPackage, write } from "./support/layout.ts";
import { commonJs, library, libraryUser, project } from "./support/programs.ts";

const packageName = "pulumi-datadog-application-key";

/** Links the checkout's packages, except this one, into a folder's node_modules. */
async function linkOthers(folder: string): Promise<void> {
  const modules = path.join(folder, "node_modules");
  await mkdir(modules, { recursive: true });
  for (const name of await readdir("node_modules"))
    if (name !== packageName) await symlink(path.resolve("node_modules", name), path.join(modules, name), "junction");
}

/** Copies this package to the place where npm would install it. */
async function copyTo(modules: string): Promise<void> {
  const copy = path.join(modules, packageName);
  await mkdir(copy, { recursive: true });
  for (const part of ["package.json", "dist"]) await cp(part, path.join(copy, part), { recursive: true });
}

test("if only a component library has the package, the error says what to add and where, and the program then works", async () => {
  const folder = await freshFolder();
  const component = path.join(folder, "node_modules/library");
  await linkOthers(folder);
  await write(folder, { ...project("index.js"), "index.js": libraryUser });
  await write(component, { ...library, "package.json": { name: "library", version: "1.0.0", main: "index.js" } });
  await copyTo(path.join(component, "node_modules"));
  await expectMissingPackage(folder);

  await copyTo(path.join(folder, "node_modules"));
  await expectPreview(folder);
});

test("the program's version serves the keys of a component library, and an error names the version that has a missing argument", async () => {
  const folder = await freshFolder();
  const component = path.join(folder, "node_modules/library");
  await linkOthers(folder);
  await copyTo(path.join(folder, "node_modules"));
  await copyTo(path.join(component, "node_modules"));
  const newer = path.join(component, "node_modules", packageName);
  const manifest = JSON.parse(await readFile("package.json", "utf8")) as { version: string };
  const withArgument = library["index.js"].replace(
    "{ name: args.keyName }",
    '{ name: args.keyName, expiresAfter: "30d" }',
  );
  await write(newer, { "package.json": { ...manifest, version: "99.0.0" } });
  await write(component, {
    "package.json": { name: "library", version: "1.0.0", main: "index.js" },
    "index.js": withArgument,
  });
  await write(folder, { ...project("index.js"), "index.js": libraryUser });
  const advice =
    `An ApplicationKey has no argument "expiresAfter", so it has no effect. A component library declares this key with ` +
    `${packageName} 99.0.0, but the program has ${manifest.version}, which serves it. ` +
    "Install 99.0.0 in the program's own package.json.";
  expect(await expectPreview(folder)).toContain(advice);
});

test("a program may change its folder before it loads the package", async () => {
  const folder = await freshFolder();
  await linkOthers(folder);
  await copyTo(path.join(folder, "node_modules"));
  const leave = 'process.chdir(require("node:os").tmpdir());';
  await write(folder, { ...project("index.js"), "index.js": `${leave}\n${commonJs}` });
  await expectPreview(folder);
});
