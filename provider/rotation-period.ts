/** How often a key is rotated. */
export interface RotationPeriod {
  /** Length of a period in days of 24 hours. A whole number, at least 1. */
  days: number;
  /**
   * A moment in the period.
   * @default now
   */
  at?: Date;
}

// diff.ts knows it by this name.
export const rotationKeeper = "rotationPeriod";

const dayMs = 24 * 60 * 60 * 1000;

/**
 * A keeper that changes once per period, so that a scheduled `pulumi up` rotates the key: `keepers: rotationPeriod({
 * days: 30 })`.
 *
 * The value is an ISO 8601 interval, such as `2026-11-10/P30D`: the first day of the period and its length. Periods are
 * counted from 1970-01-01 in UTC, so they are the same on every machine. The key rotates only if the first day is later
 * than the stored one. A clock that is behind never rotates a key, and neither does a longer period if the key is young
 * enough.
 * @throws RangeError if `days` is not a whole number above 0, or `at` is not a valid date
 */
export function rotationPeriod({ days, at = new Date() }: RotationPeriod): Record<string, string> {
  if (!Number.isSafeInteger(days) || days < 1) throw new RangeError("days must be a whole number above 0");
  const today = Math.floor(at.getTime() / dayMs);
  if (Number.isNaN(today)) throw new RangeError("at must be a valid date");
  const firstDay = new Date(Math.floor(today / days) * days * dayMs).toISOString().slice(0, 10);
  return { [rotationKeeper]: `${firstDay}/P${days}D` };
}
