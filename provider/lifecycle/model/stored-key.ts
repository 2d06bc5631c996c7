import { type KeyRecord, fingerprint, isFingerprint, last4Of } from "../../datadog/keys";
import type { Owner } from "../../datadog/v2";
import { asideName } from "./aside-name";
import type { KeyState } from "./properties";

/** A key as the engine knows it. */
export interface StoredKey {
  readonly id: string;
  readonly state: KeyState;
}

/** What a key of the state is to its resource. */
export interface Role {
  /** It is kept beside the one that has replaced it. */
  readonly isPrevious: boolean;
  /** A rotation would leave it valid. */
  readonly keepPrevious: boolean;
}

export function ownerOf(state: Pick<KeyState, "serviceAccountId">): Owner {
  return state.serviceAccountId === undefined ? "currentUser" : { serviceAccountId: state.serviceAccountId };
}

/** A short name for an owner within an organisation. */
export function ownerId(owner: Owner): string {
  return owner === "currentUser" ? "" : owner.serviceAccountId.toLowerCase();
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
export function idsOfRecord({ id, key }: KeyRecord): string[] {
  return key === undefined ? [id] : [id, fingerprint(key)];
}

/** Whether a key that Datadog shows is one of the state, as far as anybody can tell: v1 and v2 name it differently. */
export function isSame(stored: StoredKey, key: KeyRecord): boolean {
  if (idsOf(stored).some((id) => idsOfRecord(key).includes(id))) return true;
  const { state } = stored;
  if (uuidOf(stored) !== undefined || state.hash === undefined || key.key !== undefined || isFingerprint(key.id))
    return false;
  // A key that v1 made has another id in v2, but the same secret, of which v2 shows the end.
  return mayBeNamed(stored, key) && key.last4 === last4Of(state.hash);
}

/**
 * Whether Datadog shows a key by the name that the state knows, as far as stepping aside goes: its successor may have been
 * made already, and needed its name; reads may be late, so that the key shows as it was before, or before it came back.
 */
export function mayBeNamed(stored: StoredKey, key: KeyRecord): boolean {
  return [key.id, ...idsOf(stored)].some((id) => asideName(key.name, id) === asideName(stored.state.name, id));
}
