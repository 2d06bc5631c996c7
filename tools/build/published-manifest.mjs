// The scripts in package.json are for a checkout. An installed package could not run them, and npm would warn about
// `prepare` as an install script. npm packs package.json as it is, so it is changed while npm packs: `strip` before,
// `restore` after.
import { copyFile, readFile, rename, writeFile } from "node:fs/promises";
import path from "node:path";
import process from "node:process";

const root = path.resolve(import.meta.dirname, "../..");
const manifest = path.join(root, "package.json");
const original = path.join(root, ".package.json.original");

/** @param {unknown} error */
const unlessMissing = (error) => {
  if (/** @type {NodeJS.ErrnoException} */ (error).code !== "ENOENT") throw error;
};

// Before `strip`, the original is there only if npm was killed while it packed. package.json has no `restore` then, so put it
// right by hand: `mv .package.json.original package.json`.
await rename(original, manifest).catch(unlessMissing);
if (process.argv[2] === "strip") {
  await copyFile(manifest, original);
  const withoutScripts = (/** @type {string} */ field, /** @type {unknown} */ value) =>
    field === "scripts" ? undefined : value;
  const content = /** @type {unknown} */ (JSON.parse(await readFile(manifest, "utf8"), withoutScripts));
  await writeFile(manifest, `${JSON.stringify(content, undefined, 2)}\n`);
}
