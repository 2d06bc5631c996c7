/** How often a key is rotated. */
export interface RotationPeriod {
  /** Length of a period: whole days of 24 hours, 1 or more. */
  days: number;
  /** The moment to ask about. @default now */
  at?: Date;
}

// diff.ts knows it by this name.
export const rotationKeeper = "rotationPeriod";

const dayMs = 24 * 60 * 60 * 1000;

/**
 * A keeper that changes once a period, so that a scheduled `pulumi up` rotates the key:
 * `keepers: rotationPeriod({ days: 30 })`.
 *
 * The value is an ISO 8601 interval, such as `2026-11-10/P30D`: the period's first day and its length. Periods are counted
 * from 1970-01-01 in UTC, the same on every machine. A first day that is not later than the stored one's never rotates a
 * key: neither a clock that is behind nor a longer period replaces one that is young enough.
 * @throws RangeError where `days` is no whole number above 0, or `at` is no date
 */
export function rotationPeriod({ days, at = new Date() }: RotationPeriod): Record<string, string> {
  if (!Number.isSafeInteger(days) || days < 1) throw new RangeError("days must be a whole number above 0");
  const today = Math.floor(at.getTime() / dayMs);
  if (Number.isNaN(today)) throw new RangeError("at must be a valid date");
  const firstDay = new Date(Math.floor(today / days) * days * dayMs).toISOString().slice(0, 10);
  return { [rotationKeeper]: `${firstDay}/P${days}D` };
}
