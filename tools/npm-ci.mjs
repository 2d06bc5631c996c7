// Installs what a folder's package-lock.json lists. Plain Node.js, because the set-up uses it before anything is
// installed.
import { spawn } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import process from "node:process";
import { isWritable } from "./writable.mjs";

/**
 * @param {string} folder
 * @param {(child: import("node:child_process").ChildProcess) => void} [started] gets npm's process
 */
export async function npmCi(folder, started) {
  const cache = process.env["npm_config_cache"] ?? path.join(os.homedir(), ".npm");
  if (await isWritable(cache)) {
    await run(folder, process.env, started);
    return;
  }
  const temporary = await mkdtemp(path.join(os.tmpdir(), "npm-cache-"));
  try {
    await run(folder, { ...process.env, npm_config_cache: temporary }, started);
  } finally {
    await rm(temporary, { recursive: true, force: true });
  }
}

/**
 * @param {string} folder
 * @param {NodeJS.ProcessEnv} env
 * @param {((child: import("node:child_process").ChildProcess) => void) | undefined} started
 */
async function run(folder, env, started) {
  // npm must not run on the Node.js that it is about to replace.
  const folders = (env["PATH"] ?? "").split(path.delimiter).filter((folder) => !folder.includes("node_modules"));
  const child = spawn("npm", ["ci", "--no-fund", "--no-audit"], {
    cwd: folder,
    env: { ...env, PATH: folders.join(path.delimiter) },
    shell: process.platform === "win32",
    stdio: ["ignore", "pipe", "pipe"],
  });
  started?.(child);
  let output = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding("utf8").on("data", (/** @type {string} */ text) => (output += text));
  }
  /** @type {Promise<number | null>} */
  const ended = new Promise((resolve, reject) => {
    child.once("error", reject).once("close", resolve);
  });
  if ((await ended) !== 0) throw new Error(`npm ci failed:\n${output}`);
}
