import type { CheckFailure } from "@pulumi/pulumi/dynamic";
import { distance } from "fastest-levenshtein";
import { shown } from "../../datadog/keys";
import { packageName } from "../../stored-provider";
import { version } from "../../version";
import { faultOf } from "./argument-fault";
import { validators } from "./argument-validators";

const known = Object.keys(validators);

/** Faults of misspelt arguments. Without them the command would succeed and ignore the argument. */
export function misspeltArguments(inputs: object): CheckFailure[] {
  return unknownArguments(inputs).flatMap((property) => {
    const meant = meantBy(property);
    if (meant === undefined) return [];
    return [
      faultOf(meant, `is no argument of an ApplicationKey: did you mean ${meant}?${newerCopy(inputs)}`, property),
    ];
  });
}

/** Warnings, once per run, about other unknown arguments. Transformations add `tags` to every resource. */
export function foreignArguments(inputs: object): string[] {
  const foreign = unknownArguments(inputs).filter((property) => meantBy(property) === undefined);
  return foreign.map(
    (property) => `An ApplicationKey has no argument ${shown(property)}, so it has no effect.${newerCopy(inputs)}`,
  );
}

/** What to install if a newer copy of this package declared the key, which may have arguments that this one lacks. */
function newerCopy({ __packageVersion: other }: { readonly __packageVersion?: unknown }): string {
  if (typeof other !== "string" || other.localeCompare(version, undefined, { numeric: true }) <= 0) return "";
  return (
    ` A component library declares this key with ${packageName} ${other}, but the program has ${version}, which serves ` +
    `it. Install ${other} in the program's own package.json.`
  );
}

function unknownArguments(inputs: object): string[] {
  // Names that begin with this belong to the engine or this package.
  return Object.keys(inputs).filter((property) => !known.includes(property) && !property.startsWith("__"));
}

/** The most likely argument for a misspelt name, or undefined if no argument is similar. */
function meantBy(given: string): string | undefined {
  const misfit = (name: string) => distance(plain(given), plain(name)) / Math.max(given.length, name.length);
  const [nearest = ""] = [...known].sort((one, other) => misfit(one) - misfit(other));
  return misfit(nearest) <= 1 / 3 || letters(given) === letters(nearest) ? nearest : undefined;
}

/** The same for `service_account_ID` and `serviceAccountId`. */
function plain(name: string): string {
  return name.toLowerCase().replaceAll(/[_-]/g, "");
}

/** The same for `nmae` and `name`. */
function letters(name: string): string {
  return Array.from(plain(name)).sort().join("");
}
