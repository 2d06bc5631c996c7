import process from "node:process";
import { floor, ours } from "./columns.mts";
import { measureImports, type Imports } from "./imports.mts";
import { isTooSlow } from "./limits.mts";
import { planOf, type Heat, type PlanOptions } from "./plan.mts";
import { Race, type Note, type Result } from "./race.mts";
import { underRateLimit, type UnderRateLimit } from "./under-rate-limit.mts";
import { Workplace } from "./workplace.mts";

/** Everything that one run measures. `--json` writes it, and the chart is drawn from it. */
export interface Report {
  engine: string;
  node: string;
  platform: string;
  results: Result[];
  /** Bytes of `pulumi stack export` per key at 100 keys, by column. */
  stateBytes: Record<string, number>;
  imports: Imports;
  /** By column. Only in a full run, because each takes a minute. */
  rateLimits: Record<string, UnderRateLimit>;
}

/** How often a slow step is measured again. */
const AGAIN = 3;

/** Runs one part and shows progress. */
type Show = <T>(title: string, work: (note: Note) => Promise<T>) => Promise<T>;

export async function measure(options: PlanOptions, show: Show, interruption: AbortSignal): Promise<Report> {
  await using workplace = await Workplace.open(interruption);
  const results: Result[] = [];
  const imports = await show("Importing the package", measureImports);
  const stateBytes: Report["stateBytes"] = {};
  for (const heat of await planOf(options)) {
    const race = await measureHeat(workplace, heat, show);
    results.push(...race.results());
    Object.assign(stateBytes, race.stateBytes());
  }
  const rateLimits: Report["rateLimits"] = {};
  if (!options.quick) {
    for (const column of ours) {
      rateLimits[column.name] = await show(`300 keys at 60 requests in 10 s, ${column.name}`, () =>
        underRateLimit(workplace, column, { keys: 300, requests: 60, windowSeconds: 10 }),
      );
    }
  }
  return {
    engine: workplace.engine.version,
    node: process.versions.node,
    platform: `${process.platform} ${process.arch}`,
    results,
    stateBytes,
    imports,
    rateLimits,
  };
}

/** Slow steps are measured again, because a few rounds prove nothing on a busy machine. */
async function measureHeat(workplace: Workplace, heat: Heat, show: Show): Promise<Race> {
  const race = new Race(workplace, heat);
  // An earlier version has the same rounds as this one, so that the two can be compared.
  const judged = heat.columns.filter((column) => [floor, ...ours].includes(column) || column.tarball !== undefined);
  const title = `${heat.keys} key(s), Datadog answers after ${heat.delayMs} ms`;
  await show(title, (note) => race.run(note));
  for (let again = 0; again < AGAIN; again += 1) {
    const slow = new Set(
      race
        .results()
        .filter(isTooSlow)
        .map(({ step }) => step),
    );
    if (slow.size === 0) break;
    await show(`${title}, again: ${[...slow].join(", ")}`, (note) => race.repeat(judged, slow, note));
  }
  return race;
}
