// Sets up a fresh clone, then runs the given tool: `node tools/setup.mjs [tools/demo.mts ...]`. It starts before
// anything is installed, on any Node.js >= 20, so it is plain JavaScript without dependencies. The tool runs on the
// Node.js that the project installs.
import { spawn } from "node:child_process";
import os from "node:os";
import path from "node:path";
import process from "node:process";
import { onInterrupt } from "./interrupt.mjs";
import { hasNode, isInstalled, localNode } from "./installed.mjs";
import { npmCi } from "./npm-ci.mjs";
import { step } from "./progress.mjs";

const root = path.dirname(import.meta.dirname);
/** The current child process. Interruptions are passed on to it. */
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

async function install() {
  try {
    await npmCi(root, (npm) => (child = npm));
  } finally {
    if (interrupted) process.exit(interrupted);
  }
}

async function main() {
  const [major = 0] = process.versions.node.split(".").map(Number);
  if (major < 20) throw new Error(`Node.js ${process.versions.node} is too old. Install Node.js 20 or later.`);
  if (!(await isInstalled(root)) || !(await hasNode(root))) await step("Installing the packages (npm ci)", install);
  const node = localNode(root);
  // Logs are easier to search without colours.
  const plain = process.stdout.isTTY || process.env["FORCE_COLOR"] ? {} : { NO_COLOR: "1" };
  const env = { ...plain, ...process.env };
  const prepared = await run(node, [path.join(root, "tools", "prepare.mts")], {
    stdio: "inherit",
    // Node.js uses the environment's proxy only if told to.
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
