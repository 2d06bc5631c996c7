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
 * Runs columns side by side. Each step of all columns runs before the next step of any, each round begins with another
 * column: whatever else the machine does meanwhile meets them all.
 */
export class Race {
  readonly #workplace: Workplace;
  readonly #heat: Heat;
  readonly #measured: Map<string, Map<Step, Measured[]>>;

  constructor(workplace: Workplace, heat: Heat) {
    this.#workplace = workplace;
    this.#heat = heat;
    this.#measured = new Map(heat.columns.map(({ name }) => [name, new Map(steps.map((step) => [step, []]))]));
  }

  /** @param columns the floor must be one of them */
  async run(columns: readonly Column[], rounds: number, note: (detail: string) => void): Promise<void> {
    for (let round = 0; round < rounds; round += 1) {
      await this.#round(turned(columns, round), (detail) => {
        note(`round ${round + 1} of ${rounds}, ${detail}`);
      });
    }
  }

  results(): Result[] {
    return steps.flatMap((step) => this.#heat.columns.map(({ name }) => this.#result(name, step)));
  }

  async #round(columns: readonly Column[], note: (detail: string) => void): Promise<void> {
    const { keys, delayMs } = this.#heat;
    const lives: Life[] = [];
    try {
      for (const column of columns) {
        lives.push(await Life.begin(this.#workplace, { column, keys, sandbox: { latencyMs: delayMs } }));
      }
      for (const step of steps) {
        for (const life of lives) {
          note(`${step}, ${life.column.name}`);
          this.#of(life.column.name, step).push(await life.step(step));
        }
      }
    } finally {
      await Promise.all(lives.map((life) => life[Symbol.asyncDispose]()));
    }
  }

  #result(column: string, step: Step): Result {
    const measured = this.#of(column, step);
    const seconds = measured.map((one) => one.seconds);
    // Rounds of fewer columns come last, so that the floor of the same round has the same place.
    const pairs = seconds.map((own, round) => [own, this.#of("floor", step)[round]?.seconds ?? Number.NaN] as const);
    const peaks = measured.flatMap(({ peakMemory }) => (peakMemory === undefined ? [] : [peakMemory]));
    return {
      keys: this.#heat.keys,
      delayMs: this.#heat.delayMs,
      column,
      step,
      seconds,
      median: median(seconds),
      ratio: median(pairs.map(([own, floor]) => own / floor)),
      over: median(pairs.map(([own, floor]) => own - floor)),
      requests: measured.at(-1)?.requests ?? {},
      ...(peaks.length > 0 && { peakMemory: Math.max(...peaks) }),
    };
  }

  #of(column: string, step: Step): Measured[] {
    return this.#measured.get(column)?.get(step) ?? [];
  }
}

function turned(columns: readonly Column[], by: number): Column[] {
  const first = by % columns.length;
  return [...columns.slice(first), ...columns.slice(0, first)];
}
