import { type KeyRecord, fingerprint, isFingerprint, last4Of } from "../../datadog/keys";
import type { Owner } from "../../datadog/v2";
import { defined } from "../../defined";
import { plainName } from "./given-names";
import type { KeyState } from "./state";

/** A key in the state. */
export interface StoredKey {
  readonly id: string;
  readonly state: KeyState;
  /** The end of its secret, if no more is known. */
  readonly last4?: string;
  /** Whether a list of this run has shown it. */
  readonly isListed?: true;
}

/** The role of a key in its resource. */
export interface Role {
  /** Kept after a rotation. */
  readonly isPrevious: boolean;
  /** The current key, which a rotation would keep valid. */
  readonly keepPrevious: boolean;
}

export function ownerOf(state: Pick<KeyState, "serviceAccountId">): Owner {
  return state.serviceAccountId === undefined ? "currentUser" : { serviceAccountId: state.serviceAccountId };
}

/** The UUID of a key in v2, if it is known. */
export function uuidOf({ id, state }: StoredKey): string | undefined {
  return state.keyId ?? (isFingerprint(id) ? undefined : id);
}

const idsOfKeys = new WeakMap<StoredKey, readonly string[]>();

/** Every certain id of a key: the UUID in v2, and the fingerprint of its secret. */
export function idsOf(stored: StoredKey): readonly string[] {
  // Each of a thousand keys is compared with the others, and a million hashes take seconds.
  const known = idsOfKeys.get(stored);
  if (known) return known;
  const { id, state } = stored;
  const ids = [id, state.keyId, state.hash === undefined ? undefined : fingerprint(state.hash)];
  const certain = ids.filter((one) => one !== undefined);
  idsOfKeys.set(stored, certain);
  return certain;
}

/** The same for a key from Datadog. */
export function idsOfRecord({ id, keyId, key }: KeyRecord): string[] {
  return [id, keyId, key === undefined ? undefined : fingerprint(key)].filter((one) => one !== undefined);
}

/** Whether two entries of the state are the same key. */
export function isSameKey(one: StoredKey, other: StoredKey): boolean {
  const ids = idsOf(one);
  return idsOf(other).some((id) => ids.includes(id));
}

/**
 * Whether a key from Datadog is this key of the state, as far as that can be known. v1 and v2 have different ids for
 * one key.
 */
export function isShownAs(stored: StoredKey, key: KeyRecord): boolean {
  if (idsOf(stored).some((id) => idsOfRecord(key).includes(id))) return true;
  const { state } = stored;
  if (uuidOf(stored) !== undefined || state.hash === undefined || key.key !== undefined || isFingerprint(key.id))
    return false;
  // A v1 key has another id in v2 but the same secret, and v2 shows its last characters.
  return mayBeNamed(stored, key) && key.last4 === last4Of(state.hash);
}

/**
 * Whether a key from Datadog has the name in the state, or the temporary name that it got when it gave up that name.
 */
export function mayBeNamed(stored: StoredKey, key: KeyRecord): boolean {
  const ids = [key.id, ...idsOf(stored)];
  return plainName(key.name, ids) === plainName(stored.state.name, ids);
}

/** The last characters of its secret, which Datadog always shows, if they are known. */
export function tailOf({ state, last4 }: StoredKey): string | undefined {
  return state.hash === undefined ? last4 : last4Of(state.hash);
}

interface Place {
  readonly site: KeyState["site"];
  readonly serviceAccountId?: string | undefined;
  readonly connection?: string | undefined;
}

/** A listed key in the form of a state. */
export function storedFrom(record: KeyRecord, { site, serviceAccountId, connection }: Place): StoredKey {
  const { id, name, key, owner, ownerId, createdAt, keyId, last4 } = record;
  const apiVersion: KeyState["apiVersion"] = isFingerprint(id) ? "v1" : "v2";
  const told = { hash: key, owner, ownerId, createdAt, keyId, serviceAccountId, connection };
  return { id, state: { name, site, apiVersion, ...defined(told) }, isListed: true, ...defined({ last4 }) };
}

/**
 * Whether a key has this secret. If the state does not have the secret, its id or its last four characters decide. Two keys
 * may end with the same ones by chance.
 */
export function hasSecret(stored: StoredKey, secret: string): boolean {
  const { hash } = stored.state;
  if (hash !== undefined) return hash === secret;
  return idsOf(stored).includes(fingerprint(secret)) || tailOf(stored) === last4Of(secret);
}
