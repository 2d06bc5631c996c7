import type { Site } from "../../datadog/sites";

/** The inputs of a key as a program gives them, resolved. What each means: see ApplicationKeyArgs. */
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

/** Inputs after check, which has filled in the site. ApplicationKey has filled in the name. */
export interface CheckedInputs extends KeyInputs {
  site: Site;
  /** The resource's types and name, as in its URN. Absent in what 0.2.0 and before have stored. */
  __resource?: string;
  /** The fingerprint of the credentials with which the program was last checked: see settings.ts. */
  __credentials?: string;
}

/** The outputs of a key as the state holds them. Every field costs every key its bytes: `npm run bench` counts them. */
export interface KeyState {
  name: string;
  /** The key itself. Absent only where a key was read that Datadog no longer tells the secret of. */
  hash?: string;
  owner?: string;
  site: Site;
  apiVersion: "v1" | "v2";
  scopes?: string[];
  serviceAccountId?: string;
  /** v2's UUID of a key that was made through v1. A key made through v2 has it as its id, and here for programs to use. */
  keyId?: string;
  createdAt?: string;
  keepers?: Record<string, string>;
  connection?: string;
  /** UUID of the organisation that the key lives in. */
  orgId?: string;
  /** UUID of the owner. E-mail and handle may change, this does not. */
  ownerId?: string;
  /** The fingerprint of the credentials that showed {@link orgId}: see settings.ts. */
  __credentials?: string;
  __resource?: string;
  /** Whether the program only reads the key (`ApplicationKey.get`). */
  __get?: true;
  /** Whether the key is gone, and the resource stays because of what it still has to revoke. */
  __gone?: true;
  /** Keys that this one replaced and that are still to be revoked: 0.1.0 stored the id alone. */
  superseded?: Superseded[];
  /** Whether the key is registered for Actions API access: true, or absent. */
  actionsApi?: boolean;
  /** True, or absent. */
  keepPrevious?: boolean;
  /** The key that this one replaced, kept until the next rotation: its id, its secret, and the rest of its state. */
  previousId?: string;
  previousHash?: string;
  previous?: PreviousState;
}

/** The state of a key that another one has replaced, without what both have in common and what outputs show. */
export type PreviousState = Omit<
  KeyState,
  | "hash"
  | "site"
  | "connection"
  | "orgId"
  | "__credentials"
  | "__resource"
  | "__gone"
  | "__get"
  | "superseded"
  | "keepPrevious"
  | "previousId"
  | "previousHash"
  | "previous"
>;

/** A key that is still to be revoked. */
export type Superseded = string | (Omit<PreviousState, "keepers"> & { id: string; last4?: string });

/**
 * What the engine sends in place of a value that is known only after apply.
 * The same constant as `unknownValue` in @pulumi/pulumi's runtime/rpc.ts, written here because a component library may
 * bring a second copy of the SDK, which would be loaded for this line alone (a test compares the two).
 */
export const unknownValue = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";

/** Whether a value, or anything in it, is known only after apply. */
export function isUnknown(value: unknown): boolean {
  if (value === unknownValue) return true;
  return typeof value === "object" && value !== null && Object.values(value).some(isUnknown);
}

/** Whether two lists name the same scopes: order and repeats do not matter. */
export function sameScopes(some: readonly string[] | undefined, others: readonly string[] | undefined): boolean {
  const left = scopeSet(some);
  const right = scopeSet(others);
  return left.length === right.length && left.every((scope, index) => scope === right[index]);
}

/** The secret of the key that a program wants to take over, where it gives one. */
export function secretToAdopt({ adopt }: Pick<KeyInputs, "adopt">): string | undefined {
  return typeof adopt === "object" ? adopt.secret : undefined;
}

/** Scopes are a set: sorted, without repeats, and empty where none were given. */
export function scopeSet(scopes: readonly string[] | undefined): string[] {
  return [...new Set(scopes)].sort();
}
