// Records the engine's calls to a provider again: test/engine/traces/. Read what has changed before you keep it.
import path from "node:path";
import process from "node:process";
import { execa } from "execa";
import { findEngine } from "./engine/get-engine.mts";

const engine = await findEngine();
const { exitCode } = await execa("vitest", ["run", "--project", "engine", "test/engine/traces.test.ts"], {
  cwd: path.dirname(import.meta.dirname),
  preferLocal: true,
  env: { PATH: [engine?.folder, process.env["PATH"]].join(path.delimiter), RECORD_TRACES: "1" },
  stdio: "inherit",
  reject: false,
});
process.exitCode = exitCode ?? 1;
