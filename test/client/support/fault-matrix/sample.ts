import { createHash } from "node:crypto";
import process from "node:process";
import type { Case } from "./case";
import { describeSetting } from "./settings";

/** The day whose part of the matrix is tried, such as 2026-11-28. The default is today. */
export const seed = process.env["FAULT_MATRIX_SEED"] ?? new Date().toISOString().slice(0, 10);

const day = Math.floor(Date.parse(seed) / 86_400_000);
if (!Number.isInteger(day)) throw new Error(`FAULT_MATRIX_SEED must be a date such as 2026-11-28, not "${seed}"`);

/** Whether a case belongs to the day's part. Over this many days, the parts cover every case once. */
export function inPartOfTheDay({ setting, operation, fault, point, lasting }: Case, days: number): boolean {
  const words = [describeSetting(setting), operation.label, fault.label, point.number, lasting];
  const hash = createHash("sha256").update(JSON.stringify(words)).digest().readUInt32BE();
  return Math.floor((hash / 2 ** 32) * days) === day % days;
}
