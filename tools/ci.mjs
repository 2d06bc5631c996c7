// Everything that must pass before a change lands: `npm test`, then the rest of `npm run test:all`, even if the first
// failed. Plain Node.js, because `npm test` installs the packages.
import { spawn } from "node:child_process";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import process from "node:process";
import { closingLine, COUNTS_FILE, isGreen, sum } from "./counts.mjs";
import { onInterrupt } from "./interrupt.mjs";

const root = path.dirname(import.meta.dirname);
const PARTS = [
  ["test", "--silent"],
  ["run", "--silent", "test:all", "--", "--rest"],
];
let child = /** @type {import("node:child_process").ChildProcess | undefined} */ (undefined);
let interrupted = 0;

onInterrupt((signal) => {
  interrupted = 128 + os.constants.signals[signal];
  child?.kill(signal);
});

/**
 * Runs npm.
 * @param {string[]} args
 * @param {string} file where the run writes its counts
 * @returns {Promise<import("./counts.mjs").Counts>}
 */
async function run(args, file) {
  const started = spawn("npm", args, {
    cwd: root,
    env: { ...process.env, [COUNTS_FILE]: file },
    stdio: "inherit",
    shell: process.platform === "win32",
  });
  child = started;
  /** @type {Promise<boolean>} */
  const ended = new Promise((resolve, reject) => {
    started.once("error", reject).once("close", (code) => {
      resolve(code === 0);
    });
  });
  const green = await ended;
  if (interrupted) process.exit(interrupted);
  // A run that ended before it could count counts as one failure, for instance if the installation failed.
  const text = await readFile(file, "utf8").catch(() => '{ "passed": 0, "failed": 0, "skipped": 0 }');
  const json = /** @type {unknown} */ (JSON.parse(text));
  const counts = /** @type {import("./counts.mjs").Counts} */ (json);
  return green || counts.failed > 0 ? counts : { ...counts, failed: 1 };
}

const folder = await mkdtemp(path.join(os.tmpdir(), "test-counts-"));
try {
  const parts = [];
  for (const [index, args] of PARTS.entries()) parts.push(await run(args, path.join(folder, String(index))));
  const counts = sum(parts);
  process.stdout.write(`\n${closingLine(counts)}\n`);
  process.exitCode = isGreen(counts) ? 0 : 1;
} finally {
  await rm(folder, { recursive: true, force: true });
}
