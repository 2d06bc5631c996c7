// Measures settings for users with many keys before the docs recommend them: `node tools/bench/tips.mts`. Takes 3
// minutes.
import { mkdtemp, rm } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import process from "node:process";
import { markdownTable } from "markdown-table";
import { onInterrupt } from "../interrupt.mjs";
import { step as show } from "../progress.mjs";
import { ours } from "./columns.mts";
import { Life, type LifeOptions } from "./life.mts";
import { median } from "./statistics.mts";
import { titles, type Step } from "./steps.mts";
import { Workplace } from "./workplace.mts";

interface Tip {
  title: string;
  setting: Pick<LifeOptions, "env" | "flags">;
  keys: number;
  delayMs: number;
  rounds: number;
  steps: readonly Step[];
}

const cache = await mkdtemp(path.join(os.tmpdir(), "compile-cache-"));
const everything = ["up", "preview", "refresh", "rename", "destroy"] as const;
const tips: readonly Tip[] = [
  {
    title: "NODE_COMPILE_CACHE",
    setting: { env: { NODE_COMPILE_CACHE: cache } },
    keys: 1,
    delayMs: 0,
    rounds: 5,
    steps: everything,
  },
  {
    title: "--parallel 64",
    setting: { flags: ["--parallel", "64"] },
    keys: 100,
    delayMs: 100,
    rounds: 3,
    steps: ["up", "rename", "destroy"],
  },
  {
    title: "PULUMI_SELF_MANAGED_STATE_GZIP=true",
    setting: { env: { PULUMI_SELF_MANAGED_STATE_GZIP: "true" } },
    keys: 300,
    delayMs: 0,
    rounds: 1,
    steps: everything,
  },
];
const [column] = ours;

const interruption = new AbortController();
onInterrupt((signal) => {
  interruption.abort(new Error(`Interrupted by ${signal}`));
});
try {
  await using workplace = await Workplace.open(interruption.signal);
  const rows: string[][] = [];
  for (const tip of tips) {
    const measured: string[][] = await show(tip.title, (note) => compare(workplace, tip, note));
    rows.push(...measured);
  }
  const heading = ["setting", "keys", "Datadog answers after", "command", "without (s)", "with (s)", "ratio"];
  process.stdout.write(`\n${markdownTable([heading, ...rows])}\n`);
} finally {
  await rm(cache, { recursive: true, force: true });
}

/** Runs two stacks side by side. Each step runs in both before the next one. */
async function compare(workplace: Workplace, tip: Tip, note: (detail: string) => void): Promise<string[][]> {
  const { title, setting, keys, delayMs, rounds, steps } = tip;
  if (!column) return [];
  const pairs = new Map<Step, [without: number, having: number][]>();
  for (let round = 0; round < rounds; round += 1) {
    const options = { column, keys, sandbox: { latencyMs: delayMs } };
    await using without = await Life.begin(workplace, options);
    await using having = await Life.begin(workplace, { ...options, ...setting });
    for (const step of steps) {
      note(`round ${round + 1} of ${rounds}, ${step}`);
      const pair: [number, number] = [(await without.step(step)).seconds, (await having.step(step)).seconds];
      pairs.set(step, [...(pairs.get(step) ?? []), pair]);
    }
  }
  return [...pairs].map(([step, all]) => [
    title,
    String(keys),
    `${delayMs} ms`,
    titles[step],
    median(all.map(([without]) => without)).toFixed(2),
    median(all.map(([, having]) => having)).toFixed(2),
    `×${median(all.map(([without, having]) => having / without)).toFixed(2)}`,
  ]);
}
