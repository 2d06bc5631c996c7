// `npm test`: types, lint, format, and the tests that a change is most likely to break. `--all` runs every test, and
// `--rest` only what `npm test` leaves out. `npm test -- --project unit` narrows the tests down.
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import process from "node:process";
import { execa } from "execa";
import { parseCLI, startVitest, type TestModule } from "vitest/node";
import { closingLine, COUNTS_FILE, type Counts, isGreen } from "./counts.mjs";
import { findEngine } from "./engine/get-engine.mts";
import { CLI_COMMANDS, readFigures } from "./figures.mts";

const root = path.dirname(import.meta.dirname);
const words = process.argv.slice(2);
const rest = words.includes("--rest");
const figures = path.join(await mkdtemp(path.join(os.tmpdir(), "test-figures-")), "figures");
process.env["TEST_FIGURES_FILE"] = figures;
// Test files then find the engine at once.
const engine = await findEngine();
process.env["PATH"] = [engine?.folder, process.env["PATH"]].filter(Boolean).join(path.delimiter);

// All runs of one day, and all processes of this run, draw the same part of the fault matrix.
const seed = (process.env["FAULT_MATRIX_SEED"] ??= new Date().toISOString().slice(0, 10));
if (!rest)
  process.stdout.write(`Fault matrix: this run tries the part of ${seed}. FAULT_MATRIX_SEED=${seed} tries it again.\n`);

const checked =
  rest || !(await execa("npm", ["run", "--silent", "check"], { cwd: root, stdio: "inherit", reject: false })).failed;
const counts = await runTests();
if (!checked) {
  process.stdout.write("\n`npm run check` failed (see above the tests). It counts as one failure.\n");
  counts.failed += 1;
}
await tellCommands();
const file = process.env[COUNTS_FILE];
if (file) await writeFile(file, JSON.stringify(counts));
else process.stdout.write(`\n${closingLine(counts)}\n`);
process.exitCode = isGreen(counts) ? 0 : 1;

async function runTests(): Promise<Counts> {
  const { filter, options } = parseCLI([
    "vitest",
    "run",
    ...words.filter((word) => word !== "--all" && word !== "--rest"),
  ]);
  // Named in vitest.config.mts.
  const usual = rest ? ["*-all"] : words.includes("--all") ? [] : ["!*-all"];
  const vitest = await startVitest(filter, { ...options, project: options.project ?? usual, root });
  const counts = { passed: 0, failed: 0, skipped: 0, pending: 0 };
  for (const testModule of vitest.state.getTestModules()) {
    for (const test of testModule.children.allTests()) counts[test.result().state] += 1;
    if (failsByItself(testModule)) counts.failed += 1;
  }
  counts.failed += vitest.state.getUnhandledErrors().length;
  await vitest.close();
  const { passed, failed, skipped, pending } = counts;
  return { passed, failed, skipped: skipped + pending };
}

/** `npm test` has time for about 110 of them. */
async function tellCommands(): Promise<void> {
  const commands = (await readFigures(figures)).get(CLI_COMMANDS) ?? 0;
  await rm(path.dirname(figures), { recursive: true });
  if (commands > 0) process.stdout.write(`\nThe engine tests ran ${commands} commands of the CLI.\n`);
}

/** A file that cannot be loaded, or whose set-up fails, contains no failed test. */
function failsByItself(testModule: TestModule): boolean {
  return testModule.state() === "failed" && testModule.children.allTests("failed").next().done === true;
}
