// The second half of the set-up. It uses the Node.js and the packages that the first half installed.
import path from "node:path";
import process from "node:process";
import { execa } from "execa";
import { isBuilt } from "./build/is-built.mjs";
import { findEngine, getEngine } from "./engine/get-engine.mts";
import { step } from "./progress.mjs";

const root = path.dirname(import.meta.dirname);

try {
  if (!(await isBuilt(root))) {
    await step("Building the package", () => execa("npm", ["run", "--silent", "build"], { cwd: root }));
  }
  const engine = (await findEngine()) ?? (await step("Getting a Pulumi engine (only once)", getEngine));
  process.stdout.write(`Ready: Node.js ${process.versions.node}, Pulumi ${engine.version} (${engine.command})\n`);
} catch (error) {
  process.stderr.write(`\n${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
}
