import type { CheckFailure } from "@pulumi/pulumi/dynamic";
import type { KeyInputs } from "../model/inputs";

/** Arguments that may hold a secret. */
const secretive: readonly string[] = ["adopt", "keepers"] satisfies (keyof KeyInputs)[];

/**
 * A fault of an argument. The engine prints the value of the property that a fault is reported for, even if it is a
 * secret. Faults of arguments that may hold a secret are therefore reported without a property, and the reason names
 * the argument.
 * @param written the argument's name in the program, if it differs
 */
export function faultOf(argument: string, reason: string, written = argument): CheckFailure {
  if (!secretive.includes(argument)) return { property: written, reason };
  return { property: "", reason: `${written} ${reason}` };
}
