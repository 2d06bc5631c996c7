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
 * The outputs of a key as stored in the state. Every field costs bytes for every key, and `npm run bench` counts them.
 */
export interface KeyState {
  name: string;
  /** The key itself. Missing only for a key that was read after Datadog stopped showing its secret. */
  hash?: string;
  owner?: string;
  site: Site;
  apiVersion: "v1" | "v2";
  scopes?: string[];
  serviceAccountId?: string;
  /** The UUID in v2 of a key created through v1. A key created through v2 has it as its id, and here for programs. */
  keyId?: string;
  createdAt?: string;
  keepers?: Record<string, string>;
  connection?: string;
  /** UUID of the organisation that the key lives in. */
  orgId?: string;
  /** UUID of the owner. Unlike e-mail and handle, it never changes. */
  ownerId?: string;
  /** The fingerprint of the credentials that showed {@link orgId}: see settings.ts. */
  __credentials?: string;
  __resource?: string;
  /** Whether the program only reads the key (`ApplicationKey.get`). */
  __get?: true;
  /** Whether the key is gone and the resource stays only because of keys that it must still revoke. */
  __gone?: true;
  /** Replaced keys that must still be revoked. 0.1.0 stored only the id. */
  superseded?: Superseded[];
  /** Whether the key is registered for Actions API access: true, or absent. */
  actionsApi?: boolean;
  /** True, or absent. */
  keepPrevious?: boolean;
  /** The previous key, kept until the next rotation: its id, its secret, and the rest of its state. */
  previousId?: string;
  previousHash?: string;
  previous?: PreviousState;
}

/** The state of a replaced key, without the fields that both keys share or that outputs show. */
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

/** A key that must still be revoked. */
export type Superseded = string | (Omit<PreviousState, "keepers"> & { id: string; last4?: string });

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
  const left = scopeSet(some);
  const right = scopeSet(others);
  return left.length === right.length && left.every((scope, index) => scope === right[index]);
}

/** The secret of the key to adopt, if the program gives one. */
export function secretToAdopt({ adopt }: Pick<KeyInputs, "adopt">): string | undefined {
  return typeof adopt === "object" ? adopt.secret : undefined;
}

/** Scopes as a set: sorted, without repeats, and empty if there are none. */
export function scopeSet(scopes: readonly string[] | undefined): string[] {
  return [...new Set(scopes)].sort();
}
