import { before, bridged, floor, naive, ours, type Column } from "./columns.mts";

/** Columns that are measured side by side: each round runs each step of every column in turn. */
export interface Heat {
  keys: number;
  delayMs: number;
  rounds: number;
  columns: readonly Column[];
  /** Whether to measure the size of the state too, after the first step. */
  measuresState?: true;
}

export interface PlanOptions {
  quick: boolean;
  /** Numbers of keys to measure, if not all of the plan's. */
  sizes?: readonly number[];
  /** Instead of the plan's own. */
  rounds?: number;
  /** The packed file of an earlier version, for two more columns with 1 and 100 keys. */
  before?: string;
}

/**
 * The file backend writes the whole state at every step, so a thousand keys take minutes and get only one round. That
 * round leaves out the naive provider, which takes eight minutes, and a slow Datadog, which makes no difference.
 */
export async function planOf({ quick, sizes, rounds, before: tarball }: PlanOptions): Promise<Heat[]> {
  const peers = await bridged();
  const others = [...(tarball === undefined ? [] : before(tarball)), ...peers];
  const all = [floor, ...naive, ...ours, ...others];
  const few = [floor, ...naive.slice(0, 1), ...ours, ...others];
  const heats: Heat[] = quick
    ? [
        { keys: 1, delayMs: 0, rounds: 2, columns: few },
        { keys: 100, delayMs: 0, rounds: 1, columns: few, measuresState: true },
        { keys: 100, delayMs: 100, rounds: 1, columns: [floor, ...ours] },
      ]
    : [
        { keys: 1, delayMs: 0, rounds: 5, columns: all },
        { keys: 1, delayMs: 100, rounds: 2, columns: all },
        { keys: 100, delayMs: 0, rounds: 3, columns: all, measuresState: true },
        { keys: 100, delayMs: 100, rounds: 2, columns: all },
        { keys: 1000, delayMs: 0, rounds: 1, columns: [floor, ...ours, ...peers] },
      ];
  return heats
    .filter(({ keys }) => !sizes || sizes.includes(keys))
    .map((heat) => ({ ...heat, rounds: rounds ?? heat.rounds }));
}
