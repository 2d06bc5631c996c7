import type { Clock } from "../../datadog/clock";

/**
 * Looks, and looks again after each wait, until the result is settled. Datadog's reads may be late, so an expected
 * change usually shows a moment later.
 * @param look reads with requests sent after that moment of the clock
 * @returns the result of the last look
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
