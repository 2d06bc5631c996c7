// The tests that find more the longer they run: every fault both lasting and passing, a thousand random programs, two
// hundred kills. `npm run test:long -- properties` narrows them down.
import { mkdtemp, rm } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import process from "node:process";
import { execa } from "execa";
import { findEngine } from "./engine/get-engine.mts";
import { readFigures } from "./figures.mts";

/** Parts of the names of test files that read TEST_LONG. */
const LONG = ["client/fault-matrix", "client/properties", "client/names-that-move", "kill", "layouts", "clean-clone"];

const root = path.dirname(import.meta.dirname);
const folder = await mkdtemp(path.join(os.tmpdir(), "test-long-"));
try {
  const file = path.join(folder, "figures");
  const engine = await findEngine();
  const chosen = process.argv.slice(2);
  const started = performance.now();
  const { failed } = await execa("vitest", ["run", ...(chosen.length > 0 ? chosen : LONG)], {
    cwd: root,
    preferLocal: true,
    env: {
      PATH: [engine?.folder, process.env["PATH"]].join(path.delimiter),
      TEST_LONG: "1",
      TEST_FIGURES_FILE: file,
    },
    stdio: "inherit",
    reject: false,
  });
  process.stdout.write(`\n${format(await readFigures(file), (performance.now() - started) / 60_000)}\n`);
  process.exitCode = failed ? 1 : 0;
} finally {
  await rm(folder, { recursive: true, force: true });
}

function format(figures: ReadonlyMap<string, number>, minutes: number): string {
  const lines = [...figures].map(([what, count]) => `${what}: ${count}`);
  return [...lines, `minutes: ${minutes.toFixed(1)}`].join("\n");
}
