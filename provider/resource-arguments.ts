import { type Input, Output, RunError, output, secret } from "@pulumi/pulumi";
import { defined } from "./defined";

/** Refuses arguments that the SDK would ignore, because JavaScript programs have no compiler that complains. */
export function refuseArguments(name: string, args: unknown): void {
  const kind = Output.isInstance(args) ? "an Output" : args instanceof Promise ? "a Promise" : undefined;
  if (kind !== undefined)
    throw new RunError(
      `ApplicationKey "${name}": its arguments are ${kind}, but only each argument by itself may be one. ` +
        "Give an object, as in { name: args.apply((args) => args.name) }, or await the Promise.",
    );
  if (typeof args !== "object" || args === null || Array.isArray(args))
    throw new RunError(
      `ApplicationKey "${name}": its arguments are not an object. Give one, as in { name: "ci-deployer" }, ` +
        "and Pulumi's options after it.",
    );
}

/**
 * Refuses arguments that `ApplicationKey.get` would ignore. A key that is only read is never checked, so nothing else
 * reports them.
 */
export function refuseLookups(name: string, lookup: object): void {
  const unknown = Object.keys(defined(lookup)).find((property) => !lookups.includes(property));
  if (unknown === undefined) return;
  throw new RunError(
    `ApplicationKey.get "${name}": it does not take ${JSON.stringify(unknown)}. Give only ${lookups.join(", ")}.`,
  );
}

/** As `ApplicationKeyLookup` has them. */
const lookups = ["site", "connection", "serviceAccountId"];

/** The program's name for the key, or the default. If it is an Output, only later shows whether it is undefined. */
export function nameOr(name: Input<string | undefined>, otherwise: string): Input<string> {
  if (Output.isInstance(name) || name instanceof Promise) return output(name).apply((known) => known ?? otherwise);
  // A plain value stays plain, because an Output costs time.
  return name ?? otherwise;
}

/** Marks what may hold a key's secret, because the state keeps inputs. */
export function hidden<T>(adopt: T): T | Output<T> {
  return typeof adopt === "object" && adopt !== null ? (secret(adopt) as Output<T>) : adopt;
}
