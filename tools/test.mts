// Everything that is checked: types, lint, format, then every test. `npm test -- --project unit` narrows the tests down.
import { mkdtemp, readFile, rm } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import process from "node:process";
import { execa } from "execa";
import { findEngine } from "./engine/get-engine.mts";

interface Report {
  numPassedTests: number;
  numFailedTests: number;
  numPendingTests: number;
  numTodoTests: number;
}

const root = path.dirname(import.meta.dirname);
const folder = await mkdtemp(path.join(os.tmpdir(), "test-report-"));
try {
  const checks = await execa("npm", ["run", "check"], { cwd: root, stdio: "inherit", reject: false });
  const { failed, report } = await runTests(path.join(folder, "report.json"));
  // A test file that cannot be loaded fails without a failed test in it.
  const failures = (report.numFailedTests || Number(failed)) + Number(checks.failed);
  const skipped = report.numPendingTests + report.numTodoTests;
  if (checks.failed) process.stdout.write("\nnpm run check failed, see above; it counts as one failure.\n");
  process.stdout.write(
    `\n${report.numPassedTests} passed, ${failures} failed${skipped === 0 ? "" : `, ${skipped} skipped`}\n`,
  );
  process.exitCode = failures === 0 ? 0 : 1;
} finally {
  await rm(folder, { recursive: true, force: true });
}

async function runTests(file: string): Promise<{ failed: boolean; report: Report }> {
  // Test files then find the engine at once.
  const engine = await findEngine();
  const { failed } = await execa(
    "vitest",
    ["run", "--reporter=default", "--reporter=json", `--outputFile.json=${file}`, ...process.argv.slice(2)],
    {
      cwd: root,
      preferLocal: true,
      env: { PATH: [engine?.folder, process.env["PATH"]].join(path.delimiter) },
      stdio: "inherit",
      reject: false,
    },
  );
  const nothing: Report = { numPassedTests: 0, numFailedTests: 0, numPendingTests: 0, numTodoTests: 0 };
  const report = await readFile(file, "utf8").then(
    (text) => JSON.parse(text) as Report,
    () => nothing,
  );
  return { failed, report };
}
