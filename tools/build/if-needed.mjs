// npm runs this after `npm ci` in a clone, for a git install, and while it packs. Builds what is not built yet. It may
// run on any Node.js, before the project's own is installed, so it is plain JavaScript without dependencies.
import { spawnSync } from "node:child_process";
import path from "node:path";
import process from "node:process";
import { isBuilt } from "./is-built.mjs";

const root = path.resolve(import.meta.dirname, "../..");
if (!(await isBuilt(root))) {
  const { status, error } = spawnSync("npm", ["run", "build"], {
    cwd: root,
    shell: process.platform === "win32",
    // Programs parse npm's output, for instance of `npm pack --json`, so this must print nothing to it.
    stdio: ["ignore", process.stderr, "inherit"],
  });
  if (error) throw error;
  process.exitCode = status ?? 1;
}
