import type { Clock } from "../../datadog/clock";
import { readLagMs } from "../../datadog/patience";

/**
 * When a key is old enough for Datadog's reads to show it, by the clock's `now`.
 * @param createdAt RFC 3339, by Datadog's clock or by that of the machine that made the key. A key without it counts as old
 */
export function oldEnoughAt(createdAt: string | undefined, clock: Clock): number {
  const age = clock.date() - Date.parse(createdAt ?? "1970-01-01");
  // Clocks differ: for a key from the future, and for a time that is none, the wait is the whole lag and no longer.
  const left = Number.isNaN(age) ? readLagMs : Math.min(readLagMs - age, readLagMs);
  return clock.now() + Math.max(left, 0);
}
