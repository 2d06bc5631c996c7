import { type Named, defined } from "../../defined";
import type { KeyState, PreviousState, Superseded } from "./state";
import { type StoredKey, tailOf, uuidOf } from "./stored-key";

/** Fields that all keys of a resource share. */
function common({ site, connection, orgId, __credentials }: KeyState) {
  return { site, ...defined({ connection, orgId, __credentials }) };
}

/** The previous key, which a resource keeps until the next rotation. */
export function previousOf({ state }: StoredKey): StoredKey | undefined {
  const { previousId: id, previousHash: hash, previous } = state;
  if (id === undefined || previous === undefined) return undefined;
  return { id, state: { ...previous, ...common(state), ...defined({ hash }) } };
}

/** The fields that a replaced key keeps, without its secret. */
function keptFields(state: KeyState): PreviousState {
  const kept: Named<PreviousState> = {
    name: state.name,
    owner: state.owner,
    ownerId: state.ownerId,
    apiVersion: state.apiVersion,
    scopes: state.scopes,
    serviceAccountId: state.serviceAccountId,
    keyId: state.keyId,
    createdAt: state.createdAt,
    keepers: state.keepers,
    actionsApi: state.actionsApi,
  };
  return defined(kept);
}

/** The fields that a state stores for its previous key. */
export function asPrevious({ id, state }: StoredKey): Pick<KeyState, "previousId" | "previousHash" | "previous"> {
  return { previousId: id, previous: keptFields(state), ...defined({ previousHash: state.hash }) };
}

export function withoutPrevious(state: KeyState): KeyState {
  return defined({ ...state, previousId: undefined, previousHash: undefined, previous: undefined });
}

/**
 * The fields that a state stores for a key that must still be revoked: enough to find it once v1 is off. The secret is
 * dropped.
 */
export function asSuperseded(key: StoredKey): Superseded {
  const kept = keptFields(key.state);
  delete kept.keepers;
  return { id: uuidOf(key) ?? key.id, ...kept, ...defined({ last4: tailOf(key) }) };
}

/** A key that must still be revoked, in the form of a state. */
export function supersededKey(old: Superseded, successor: KeyState): StoredKey {
  if (typeof old !== "string") {
    const { id, last4, ...state } = old;
    return { id, state: { ...state, ...common(successor) }, ...defined({ last4 }) };
  }
  // For keys with their successor's owner and name, 0.1.0 stored only the id.
  const { name, owner, ownerId, serviceAccountId, createdAt } = successor;
  const apiVersion: KeyState["apiVersion"] = old.startsWith("v1-") ? "v1" : "v2";
  const likewise = defined({ owner, ownerId, serviceAccountId, createdAt });
  return { id: old, state: { name, apiVersion, ...likewise, ...common(successor) } };
}
