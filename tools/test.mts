// Everything that is checked: types, lint, format, then every test. `npm test -- --project unit` narrows the tests down.
import path from "node:path";
import process from "node:process";
import { execa } from "execa";
import { parseCLI, startVitest, type TestModule } from "vitest/node";
import { findEngine } from "./engine/get-engine.mts";

const root = path.dirname(import.meta.dirname);
// Test files then find the engine at once.
const engine = await findEngine();
process.env["PATH"] = [engine?.folder, process.env["PATH"]].filter(Boolean).join(path.delimiter);

const check = await execa("npm", ["run", "--silent", "check"], { cwd: root, stdio: "inherit", reject: false });
const { filter, options } = parseCLI(["vitest", "run", ...process.argv.slice(2)]);
const vitest = await startVitest(filter, { ...options, root });
const count = { passed: 0, failed: 0, skipped: 0, pending: 0 };
for (const testModule of vitest.state.getTestModules()) {
  for (const test of testModule.children.allTests()) count[test.result().state] += 1;
  if (failsByItself(testModule)) count.failed += 1;
}
count.failed += vitest.state.getUnhandledErrors().length;
await vitest.close();

if (check.failed) {
  process.stdout.write("\n`npm run check` failed, see above the tests; it counts as one failure.\n");
  count.failed += 1;
}
const skipped = count.skipped + count.pending;
const counts = [`${count.passed} passed`, `${count.failed} failed`, ...(skipped > 0 ? [`${skipped} skipped`] : [])];
process.stdout.write(`\n${counts.join(", ")}\n`);
process.exitCode = count.failed === 0 && count.passed > 0 ? 0 : 1;

/** A file that cannot be loaded, or whose set-up fails, has no failed test in it. */
function failsByItself(testModule: TestModule): boolean {
  return testModule.state() === "failed" && testModule.children.allTests("failed").next().done === true;
}
