import type { Column } from "./columns.mts";
import { Life, type Measured } from "./life.mts";
import type { Heat } from "./plan.mts";
import { median } from "./statistics.mts";
import { steps, type Step } from "./steps.mts";
import type { Workplace } from "./workplace.mts";

/** The measurements of one step in one column. */
export interface Result {
  keys: number;
  delayMs: number;
  column: string;
  step: Step;
  /** One value per round. */
  seconds: number[];
  median: number;
  /** Median of the ratios to the floor, and of the extra seconds, each within its own round. */
  ratio: number;
  over: number;
  /** From the last round. They are the same in every round. */
  requests: Record<string, number>;
  /** Maximum over all rounds, in MiB. */
  peakMemory?: number;
}

/** Shows progress. */
export type Note = (detail: string) => void;

/**
 * Runs columns side by side. Each step runs in all columns before the next step, and each round begins with another
 * column, so that other load on the machine affects all of them.
 */
export class Race {
  readonly #workplace: Workplace;
  readonly #heat: Heat;
  readonly #measured: Map<string, Map<Step, Measured[]>>;
  readonly #stateBytes = new Map<string, number>();

  constructor(workplace: Workplace, heat: Heat) {
    this.#workplace = workplace;
    this.#heat = heat;
    this.#measured = new Map(heat.columns.map(({ name }) => [name, new Map(steps.map((step) => [step, []]))]));
  }

  /** All steps of all columns. */
  async run(note: Note): Promise<void> {
    await this.#runRounds(this.#heat.columns, steps, note);
  }

  /**
   * Runs some of the steps again.
   * @param columns the floor must be one of them
   */
  async repeat(columns: readonly Column[], some: ReadonlySet<Step>, note: Note): Promise<void> {
    await this.#runRounds(
      columns,
      // Every stack starts with its keys.
      steps.filter((step) => step === "up" || some.has(step)),
      note,
    );
  }

  results(): Result[] {
    return steps.flatMap((step) => this.#heat.columns.map(({ name }) => this.#result(name, step)));
  }

  /** Bytes of `pulumi stack export` per key, by column. Empty if the heat does not measure them. */
  stateBytes(): Record<string, number> {
    return Object.fromEntries(this.#stateBytes);
  }

  async #runRounds(columns: readonly Column[], some: readonly Step[], note: Note): Promise<void> {
    const { rounds } = this.#heat;
    for (let round = 1; round <= rounds; round += 1) {
      await this.#runRound(turned(columns, this.#of("floor", "up").length), some, (detail) => {
        note(`round ${round} of ${rounds}, ${detail}`);
      });
    }
  }

  async #runRound(columns: readonly Column[], some: readonly Step[], note: Note): Promise<void> {
    const { keys, delayMs, measuresState } = this.#heat;
    const lives: Life[] = [];
    try {
      for (const column of columns) {
        lives.push(await Life.begin(this.#workplace, { column, keys, sandbox: { latencyMs: delayMs } }));
      }
      for (const step of some) {
        for (const life of lives) {
          const { name } = life.column;
          note(`${step}, ${name}`);
          this.#of(name, step).push(await life.step(step));
        }
        if (step === "up" && measuresState) await this.#measureState(lives);
      }
    } finally {
      await Promise.all(lives.map((life) => life[Symbol.asyncDispose]()));
    }
  }

  /** Measured once per column, because it is the same in each round. */
  async #measureState(lives: readonly Life[]): Promise<void> {
    for (const life of lives) {
      const { name } = life.column;
      if (!this.#stateBytes.has(name)) this.#stateBytes.set(name, (await life.stateBytes()) / this.#heat.keys);
    }
  }

  #result(column: string, step: Step): Result {
    const measured = this.#of(column, step);
    const seconds = measured.map((one) => one.seconds);
    // Rounds with fewer columns come last, so that the floor of the same round has the same index.
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
