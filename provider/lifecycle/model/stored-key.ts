import { type KeyRecord, fingerprint, isFingerprint, last4Of } from "../../datadog/keys";
import type { Owner } from "../../datadog/v2";
import { defined } from "../../defined";
import { plainName } from "./names";
import type { KeyState } from "./properties";

/** A key as the engine knows it. */
export interface StoredKey {
  readonly id: string;
  readonly state: KeyState;
  /** The end of its secret, if that is all that is known of it. */
  readonly last4?: string;
}

/** What a key of the state is to its resource. */
export interface Role {
  /** It is kept beside its successor. */
  readonly isPrevious: boolean;
  /** A rotation would leave it valid. */
  readonly keepPrevious: boolean;
}

export function ownerOf(state: Pick<KeyState, "serviceAccountId">): Owner {
  return state.serviceAccountId === undefined ? "currentUser" : { serviceAccountId: state.serviceAccountId };
}

/** v2's UUID of a key, where it is known. */
export function uuidOf({ id, state }: StoredKey): string | undefined {
  return state.keyId ?? (isFingerprint(id) ? undefined : id);
}

/** Every id that a key is surely known by: v2's UUID, and the fingerprint of its secret. */
export function idsOf({ id, state }: StoredKey): string[] {
  return [id, state.keyId, state.hash === undefined ? undefined : fingerprint(state.hash)].filter(
    (one) => one !== undefined,
  );
}

/** The same for a key that Datadog shows. */
export function idsOfRecord({ id, keyId, key }: KeyRecord): string[] {
  return [id, keyId, key === undefined ? undefined : fingerprint(key)].filter((one) => one !== undefined);
}

/** Whether two keys of the state are one. */
export function isSameKey(one: StoredKey, other: StoredKey): boolean {
  const ids = idsOf(one);
  return idsOf(other).some((id) => ids.includes(id));
}

/** Whether Datadog shows a key of the state, as far as anybody can tell: v1 and v2 have different ids for one key. */
export function isShownAs(stored: StoredKey, key: KeyRecord): boolean {
  if (idsOf(stored).some((id) => idsOfRecord(key).includes(id))) return true;
  const { state } = stored;
  if (uuidOf(stored) !== undefined || state.hash === undefined || key.key !== undefined || isFingerprint(key.id))
    return false;
  // A key that v1 made has another id in v2, but the same secret, of which v2 shows the end.
  return mayBeNamed(stored, key) && key.last4 === last4Of(state.hash);
}

/** Whether Datadog shows a key by the name that the state knows, or by one that the key got when it gave that name up. */
export function mayBeNamed(stored: StoredKey, key: KeyRecord): boolean {
  const ids = [key.id, ...idsOf(stored)];
  return plainName(key.name, ids) === plainName(stored.state.name, ids);
}

/** The part of its secret that Datadog shows everywhere, if it is known. */
export function tailOf({ state, last4 }: StoredKey): string | undefined {
  return state.hash === undefined ? last4 : last4Of(state.hash);
}

interface Place {
  readonly site: KeyState["site"];
  readonly serviceAccountId?: string | undefined;
  readonly connection?: string | undefined;
}

/** A key that a list shows, as if the state had it. */
export function storedFrom(record: KeyRecord, { site, serviceAccountId, connection }: Place): StoredKey {
  const { id, name, key, owner, ownerId, createdAt, keyId, last4 } = record;
  const apiVersion: KeyState["apiVersion"] = isFingerprint(id) ? "v1" : "v2";
  const told = { hash: key, owner, ownerId, createdAt, keyId, serviceAccountId, connection };
  return { id, state: { name, site, apiVersion, ...defined(told) }, ...defined({ last4 }) };
}
