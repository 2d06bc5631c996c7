import { readFile } from "node:fs/promises";

/** CLI commands that run a program or a provider. Each costs about two seconds of processor time. */
export const CLI_COMMANDS = "CLI commands";

/** Adds up the lines that tests wrote. See test/support/figures.ts. */
export async function readFigures(file: string): Promise<Map<string, number>> {
  const sums = new Map<string, number>();
  const text = await readFile(file, "utf8").catch(() => "");
  for (const line of text.split("\n").filter((line) => line !== ""))
    for (const [what, count] of Object.entries(JSON.parse(line) as Record<string, number>))
      sums.set(what, (sums.get(what) ?? 0) + count);
  return sums;
}
