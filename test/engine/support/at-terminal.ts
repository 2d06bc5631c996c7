import process from "node:process";
import { execa } from "execa";
import { commandResult, type CommandResult } from "./command-result.ts";

/** A text that the user types when the terminal shows the prompt. */
export interface Answer {
  prompt: string;
  typed: string;
}

/** Runs a command at its own terminal. The exit code comes from `script`, which passes on that of the command. */
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

/** The reason why these tests cannot open a terminal here, if there is one. */
export function noTerminal(): string | undefined {
  return process.platform === "linux" ? undefined : "these tests need the `script` of util-linux to open a terminal";
}
