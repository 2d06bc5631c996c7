import type { Clock } from "../../datadog/clock";
import { readLagMs } from "../../datadog/patience";

/**
 * The time from which Datadog's reads must show a key, by the clock's `now`.
 * @param createdAt RFC 3339, by the clock of Datadog or of the machine that created the key. Without it, a key counts
 * as old
 */
export function oldEnoughAt(createdAt: string | undefined, clock: Clock): number {
  const age = clock.date() - Date.parse(createdAt ?? "1970-01-01");
  // Clocks differ, so a creation time in the future, or an invalid one, means a wait of the whole lag and no more.
  const left = Number.isNaN(age) ? readLagMs : Math.min(readLagMs - age, readLagMs);
  return clock.now() + Math.max(left, 0);
}
