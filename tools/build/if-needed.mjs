// What npm runs after `npm ci` in a clone, for a git install, and while it packs: builds what is not built yet. It starts
// on whichever Node.js npm has, before the project's own is sure to be there: plain JavaScript, no dependencies.
import { spawnSync } from "node:child_process";
import path from "node:path";
import process from "node:process";
import { isBuilt } from "./is-built.mjs";

const root = path.resolve(import.meta.dirname, "../..");
if (!(await isBuilt(root))) {
  const { status, error } = spawnSync("npm", ["run", "build"], {
    cwd: root,
    shell: process.platform === "win32",
    // What npm prints for a program that reads its output, as of `npm pack --json`, must stay alone there.
    stdio: ["ignore", process.stderr, "inherit"],
  });
  if (error) throw error;
  process.exitCode = status ?? 1;
}
