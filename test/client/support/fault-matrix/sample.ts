import { createHash } from "node:crypto";
import process from "node:process";
import { long } from "../../../support/figures";
import type { Case } from "./case";
import { describeSetting } from "./settings";

/** Another one chooses other cases; the same one the same, whatever else there is. */
const seed = process.env["FAULT_MATRIX_SEED"] ?? "1";

/** The part of the product that is tried: `npm test` has no time for more. */
const share = Number(process.env["FAULT_MATRIX_SHARE"] ?? (long ? 1 : 0.01));

/** Whether a case is among those that are tried where the product is too large for all. */
export function inSample({ setting, operation, fault, point, lasting }: Case): boolean {
  const words = [seed, describeSetting(setting), operation.label, fault.label, point.number, lasting];
  return createHash("sha256").update(JSON.stringify(words)).digest().readUInt32BE() < share * 2 ** 32;
}
