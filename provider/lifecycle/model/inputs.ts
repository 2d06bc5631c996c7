import { isDeepStrictEqual } from "node:util";
import type { Site } from "../../datadog/sites";

/** The program's inputs of a key, resolved. See ApplicationKeyArgs for their meaning. */
export interface KeyInputs {
  name: string;
  site?: string;
  apiVersion?: "v1" | "v2";
  scopes?: string[];
  serviceAccountId?: string;
  keepers?: Record<string, string>;
  keepPrevious?: boolean;
  actionsApi?: boolean;
  adopt?: boolean | "replace" | { secret: string };
  connection?: string;
}

/** Inputs after check, which fills in the site. ApplicationKey fills in the name. */
export interface CheckedInputs extends KeyInputs {
  site: Site;
  /** The resource's types and name, as in its URN. 0.2.0 and before do not store it. */
  __resource?: string;
  /** The fingerprint of the credentials with which the program was last checked: see settings.ts. */
  __credentials?: string;
}

/**
 * What the engine sends instead of a value that is known only after apply. A copy of `unknownValue` in @pulumi/pulumi's
 * runtime/rpc.ts, because importing it could load a second copy of the SDK from a component library. A test compares
 * the two.
 */
export const unknownValue = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";

/** Whether a value, or anything in it, is known only after apply. */
export function isUnknown(value: unknown): boolean {
  if (value === unknownValue) return true;
  return typeof value === "object" && value !== null && Object.values(value).some(isUnknown);
}

/** Whether two lists contain the same scopes, ignoring order and repeats. */
export function sameScopes(some: readonly string[] | undefined, others: readonly string[] | undefined): boolean {
  return isDeepStrictEqual(scopeSet(some), scopeSet(others));
}

/** The secret of the key to adopt, if the program gives one. */
export function secretToAdopt({ adopt }: Pick<KeyInputs, "adopt">): string | undefined {
  return typeof adopt === "object" ? adopt.secret : undefined;
}

/** Scopes as a set: sorted, without repeats, and empty if there are none. */
export function scopeSet(scopes: readonly string[] | undefined): string[] {
  return [...new Set(scopes)].sort();
}
