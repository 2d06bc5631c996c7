// `npm run check`: types, imports, lint, format and prose, side by side, because each takes up to half a minute.
import path from "node:path";
import process from "node:process";
import { execa } from "execa";

const COMMANDS = [
  ["tsc", "--noEmit"],
  ["depcruise", "--config", "dependency-cruiser.config.mjs", "provider", "sandbox"],
  ["eslint", "."],
  ["prettier", "--check", "."],
  ["node", "tools/prose.mts"],
] as const;

const root = path.dirname(import.meta.dirname);
const colour = process.stdout.isTTY && !process.env["NO_COLOR"] ? { FORCE_COLOR: "1" } : {};
const running = COMMANDS.map(([program, ...args]) => ({
  name: args[0].startsWith("tools/") ? args[0] : program,
  result: execa(program, args, { cwd: root, preferLocal: true, all: true, reject: false, env: colour }),
}));
// Prints the output of each in one piece, in the order above.
for (const { name, result } of running) {
  const { failed, all } = await result;
  if (failed) process.exitCode = 1;
  process.stdout.write(`${name}: ${failed ? `failed\n${all}` : "passed"}\n`);
}
