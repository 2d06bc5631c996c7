import type { Clock } from "../../datadog/clock";

/**
 * Looks, and looks again after each of the waits, until what it sees is settled. Datadog's reads may be late, so what is
 * expected to appear or to vanish mostly does so a moment later.
 * @param look what there is, by answers that were requested at that moment of the clock or later
 * @returns what the last look saw
 * @throws InterruptedError if the user ends the wait
 */
export async function observe<T>(
  clock: Clock,
  look: (notBefore?: number) => Promise<T>,
  waits: readonly number[],
  settled: (seen: T) => boolean,
): Promise<T> {
  let seen = await look();
  for (const wait of waits) {
    if (settled(seen)) break;
    seen = await look(clock.now() + wait);
  }
  return seen;
}
