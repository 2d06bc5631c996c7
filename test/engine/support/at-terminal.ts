import process from "node:process";
import { execa } from "execa";
import { commandResult, type CommandResult } from "./command-result.ts";

/** What a user types, once the terminal shows a text. */
export interface Answer {
  prompt: string;
  typed: string;
}

/** Runs a command at a terminal of its own. Its exit code is that of `script`, which passes it on. */
export async function atTerminal(
  words: readonly string[],
  answers: readonly Answer[],
  options: { cwd: string; env: NodeJS.ProcessEnv; extendEnv: false },
): Promise<CommandResult> {
  const line = words.map((word) => `'${word.replaceAll("'", String.raw`'\''`)}'`).join(" ");
  const child = execa("script", ["-qefc", line, "/dev/null"], { ...options, all: true, reject: false });
  const left = [...answers];
  let fresh = "";
  child.stdout.on("data", (chunk: Buffer) => {
    fresh += chunk.toString();
    const [next] = left;
    if (!next || !fresh.includes(next.prompt)) return;
    fresh = "";
    left.shift();
    child.stdin.write(next.typed);
  });
  return commandResult(await child);
}

/** Why there is no terminal to be had here, if so. */
export function noTerminal(): string | undefined {
  return process.platform === "linux"
    ? undefined
    : "only util-linux's `script` makes a terminal as these tests need it";
}
