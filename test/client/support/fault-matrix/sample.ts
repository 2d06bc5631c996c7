import { createHash } from "node:crypto";
import process from "node:process";
import type { Case } from "./run-case";
import { describeSetting } from "./settings";

/** Another one chooses other cases; the same one the same, whatever else there is. */
const seed = process.env["FAULT_MATRIX_SEED"] ?? "1";

/** The part of the product that `npm test` has time for. */
const share = Number(process.env["FAULT_MATRIX_SHARE"] ?? 0.01);

/** Whether a case is among those that are tried where the product is too large for all. */
export function inSample({ setting, operation, fault, point, lasting }: Case): boolean {
  const words = [seed, describeSetting(setting), operation.label, fault.label, point.number, lasting];
  return createHash("sha256").update(JSON.stringify(words)).digest().readUInt32BE() < share * 2 ** 32;
}
