import type { Column } from "./columns.mts";
import { Life, type Measured } from "./life.mts";
import type { Heat } from "./plan.mts";
import { median } from "./statistics.mts";
import { steps, type Step } from "./steps.mts";
import type { Workplace } from "./workplace.mts";

/** What one step took in one column. */
export interface Result {
  keys: number;
  delayMs: number;
  column: string;
  step: Step;
  /** Of each round. */
  seconds: number[];
  median: number;
  /** Median of the ratios to the floor, and of the seconds over it, each within its own round. */
  ratio: number;
  over: number;
  /** Of the last round; the same in each. */
  requests: Record<string, number>;
  /** Largest of all rounds, in MiB. */
  peakMemory?: number;
}

/**
 * Runs the columns side by side. Each step of all columns runs before the next step of any, each round begins with
 * another column: whatever else the machine does meanwhile meets them all.
 */
export async function race(
  workplace: Workplace,
  { keys, delayMs, rounds, columns }: Heat,
  note: (detail: string) => void,
): Promise<Result[]> {
  const measured = new Map(columns.map(({ name }) => [name, new Map<Step, Measured[]>()]));
  for (let round = 0; round < rounds; round += 1) {
    const lives: Life[] = [];
    try {
      for (const column of turned(columns, round)) {
        lives.push(await Life.begin(workplace, { column, keys, sandbox: { latencyMs: delayMs } }));
      }
      for (const step of steps) {
        for (const life of lives) {
          note(`round ${round + 1} of ${rounds}, ${step}, ${life.column.name}`);
          const taken = measured.get(life.column.name);
          taken?.set(step, [...(taken.get(step) ?? []), await life.step(step)]);
        }
      }
    } finally {
      await Promise.all(lives.map((life) => life[Symbol.asyncDispose]()));
    }
  }
  const secondsOf = (column: string, step: Step) =>
    measured
      .get(column)
      ?.get(step)
      ?.map(({ seconds }) => seconds) ?? [];
  return steps.flatMap((step) =>
    columns.map(({ name }): Result => {
      const seconds = secondsOf(name, step);
      const floor = secondsOf("floor", step);
      const pairs = seconds.map((own, round) => [own, floor[round] ?? Number.NaN] as const);
      const all = measured.get(name)?.get(step) ?? [];
      const peaks = all.flatMap(({ peakMemory }) => (peakMemory === undefined ? [] : [peakMemory]));
      return {
        keys,
        delayMs,
        column: name,
        step,
        seconds,
        median: median(seconds),
        ratio: median(pairs.map(([own, base]) => own / base)),
        over: median(pairs.map(([own, base]) => own - base)),
        requests: all.at(-1)?.requests ?? {},
        ...(peaks.length > 0 && { peakMemory: Math.max(...peaks) }),
      };
    }),
  );
}

function turned(columns: readonly Column[], by: number): Column[] {
  const first = by % columns.length;
  return [...columns.slice(first), ...columns.slice(0, first)];
}
