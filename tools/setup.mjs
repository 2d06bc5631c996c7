// Sets up a fresh clone, then runs the tool it is given: `node tools/setup.mjs [tools/demo.mts ...]`. It starts before
// anything is installed, on any Node.js >= 20: plain JavaScript, no dependencies. What it starts runs on the Node.js
// that the project installs.
import { spawn } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import process from "node:process";
import { onInterrupt } from "./interrupt.mjs";
import { isInstalled, localNode } from "./installed.mjs";
import { step } from "./progress.mjs";
import { isWritable } from "./writable.mjs";

const root = path.dirname(import.meta.dirname);
/** The process that works at the moment; an interruption is passed on to it. */
let child = /** @type {import("node:child_process").ChildProcess | undefined} */ (undefined);
let interrupted = 0;

onInterrupt((signal, reason) => {
  if (!interrupted) process.stderr.write(`\nInterrupted ${reason}.\n`);
  interrupted = 128 + os.constants.signals[signal];
  child?.kill(signal);
});

/**
 * @param {string} command
 * @param {string[]} args
 * @param {import("node:child_process").SpawnOptions} options
 * @returns {Promise<number>} the exit code
 */
function run(command, args, options) {
  const started = spawn(command, args, { cwd: root, ...options });
  child = started;
  return new Promise((resolve, reject) => {
    started.once("error", reject);
    started.once("close", (code, signal) => {
      resolve(interrupted || (code ?? 128 + (signal ? os.constants.signals[signal] : 0)));
    });
  });
}

/** @param {NodeJS.ProcessEnv} env */
async function npmCi(env) {
  // npm must not run on the Node.js that it is about to replace.
  const folders = (env["PATH"] ?? "").split(path.delimiter).filter((folder) => !folder.includes("node_modules"));
  const installing = run("npm", ["ci", "--no-fund", "--no-audit"], {
    env: { ...env, PATH: folders.join(path.delimiter) },
    shell: process.platform === "win32",
    stdio: ["ignore", "pipe", "pipe"],
  });
  let output = "";
  for (const stream of [child?.stdout, child?.stderr]) {
    stream?.setEncoding("utf8").on("data", (/** @type {string} */ text) => (output += text));
  }
  const code = await installing;
  if (interrupted) process.exit(interrupted);
  if (code !== 0) throw new Error(`npm ci failed:\n${output}`);
}

async function install() {
  const cache = process.env["npm_config_cache"] ?? path.join(os.homedir(), ".npm");
  if (await isWritable(cache)) {
    await npmCi(process.env);
    return;
  }
  const temporary = await mkdtemp(path.join(os.tmpdir(), "npm-cache-"));
  try {
    await npmCi({ ...process.env, npm_config_cache: temporary });
  } finally {
    await rm(temporary, { recursive: true, force: true });
  }
}

async function main() {
  const [major = 0] = process.versions.node.split(".").map(Number);
  if (major < 20) throw new Error(`Node.js ${process.versions.node} is too old: 20 or newer is needed`);
  if (!(await isInstalled(root))) await step("Installing the packages (npm ci)", install);
  const node = localNode(root);
  // A log is easier to search without colours.
  const plain = process.stdout.isTTY || process.env["FORCE_COLOR"] ? {} : { NO_COLOR: "1" };
  const env = { ...plain, ...process.env };
  const prepared = await run(node, [path.join(root, "tools", "prepare.mts")], {
    stdio: "inherit",
    // Node.js looks at the surroundings' proxy only if told to.
    env: { NODE_USE_ENV_PROXY: "1", ...env },
  });
  const [tool, ...args] = process.argv.slice(2);
  if (prepared !== 0 || tool === undefined) return prepared;
  return run(node, [path.resolve(tool), ...args], { stdio: "inherit", env });
}

try {
  process.exitCode = await main();
} catch (error) {
  process.stderr.write(`\n${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
}
