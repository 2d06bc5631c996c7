import { readdir, stat } from "node:fs/promises";
import path from "node:path";

/** The packages: the folders of their sources and of their builds. */
const PACKAGES = [
  { sources: "provider", output: path.join("dist", "provider") },
  { sources: "sandbox", output: path.join("sandbox", "dist") },
];
const SETTINGS = ["package.json", "sandbox/tsconfig.build.json", "tsconfig.build.json", "tsconfig.json"];

/**
 * Whether both packages have been built from the current sources: every declaration, one per source, is newer than
 * everything it is made from.
 * @param {string} root
 */
export async function isBuilt(root) {
  const settings = await Promise.all(SETTINGS.map((file) => changed(path.join(root, file))));
  let newest = Math.max(...settings);
  let oldest = Number.POSITIVE_INFINITY;
  for (const { sources, output } of PACKAGES) {
    for (const source of await sourcesIn(path.join(root, sources))) {
      newest = Math.max(newest, await changed(path.join(root, sources, source)));
      oldest = Math.min(oldest, await changed(path.join(root, output, source.replace(/\.ts$/, ".d.ts"))));
    }
  }
  return oldest > newest;
}

/** @param {string} folder */
async function sourcesIn(folder) {
  const files = await readdir(folder, { recursive: true });
  return files.filter((file) => file.endsWith(".ts") && !/^(dist|node_modules)[\\/]/.test(file));
}

/** @param {string} file */
async function changed(file) {
  return stat(file).then(
    ({ mtimeMs }) => mtimeMs,
    () => 0,
  );
}
