// Measures this package against a floor (a provider that does nothing) and its peers, side by side: `npm run bench --
// --quick`.
import { access, writeFile } from "node:fs/promises";
import process from "node:process";
import { Command, InvalidArgumentError } from "commander";
import { judge } from "./bench/limits.mts";
import { measure } from "./bench/report.mts";
import { toMarkdown } from "./bench/tables.mts";
import { onInterrupt } from "./interrupt.mjs";
import { step } from "./progress.mjs";

interface Flags {
  quick: boolean;
  json?: string;
  sizes?: number[];
  rounds?: number;
  before?: string;
}

await new Command("bench")
  .description("Measures time, requests, state, memory and imports. Fails if a limit of the design is broken.")
  .option("--quick", "1 and 100 keys and fewer rounds, in under 5 minutes", false)
  .option("--json <file>", "also write all measurements to this file")
  .option("--sizes <numbers>", "only these numbers of keys, such as 1,100", (text) => text.split(",").map(wholeNumber))
  .option("--rounds <number>", "the number of rounds, instead of the plan's", wholeNumber)
  .option("--before <file>", "also measure an earlier version with 1 and 100 keys, from its packed file (`npm pack`)")
  .action(run)
  .parseAsync()
  .catch((error: unknown) => {
    process.stderr.write(`\n${error instanceof Error ? error.message : String(error)}\n`);
    process.exitCode = 1;
  });

async function run({ json, ...options }: Flags): Promise<void> {
  if (options.before !== undefined) await access(options.before);
  const interruption = new AbortController();
  onInterrupt((signal) => {
    interruption.abort(new Error(`Interrupted by ${signal}`));
  });
  const report = await measure(options, step, interruption.signal);
  if (json !== undefined) await writeFile(json, `${JSON.stringify(report, undefined, 2)}\n`);
  process.stdout.write(`\n${toMarkdown(report)}`);
  const broken = judge(report).filter(({ holds }) => holds === false);
  if (broken.length === 0) return;
  const lines = broken.map(({ what, limit, figure = "" }) => `  - ${what}: ${figure}, at most ${limit}`);
  process.stderr.write(`\nBroken limits:\n${lines.join("\n")}\n`);
  process.exitCode = 1;
}

function wholeNumber(text: string): number {
  const number = Number(text);
  if (!Number.isInteger(number) || number < 1) throw new InvalidArgumentError("It must be a whole number above 0.");
  return number;
}
