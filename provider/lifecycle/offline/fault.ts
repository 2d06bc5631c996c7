import type { CheckFailure } from "@pulumi/pulumi/dynamic";
import type { KeyInputs } from "../model/properties";

/** Arguments that may hold a secret. */
const secretive: readonly string[] = ["adopt", "keepers"] satisfies (keyof KeyInputs)[];

/**
 * What is wrong with an argument. The engine prints the value of the property that a fault is under, even if it is a secret:
 * what may hold one is named in the reason, and the fault is under no property.
 * @param written the argument's name as the program has it, if that differs
 */
export function faultOf(argument: string, reason: string, written = argument): CheckFailure {
  if (!secretive.includes(argument)) return { property: written, reason };
  return { property: "", reason: `${written} ${reason}` };
}
