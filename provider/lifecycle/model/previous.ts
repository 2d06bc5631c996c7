import { type Named, defined } from "../../defined";
import type { KeyState, PreviousState, Superseded } from "./properties";
import { type StoredKey, uuidOf } from "./stored-key";

/** The key that a resource keeps beside its own: the one that was in use before the last rotation. */
export function previousOf({ state }: StoredKey): StoredKey | undefined {
  const { previousId: id, previousHash: hash, previous, site, connection } = state;
  if (id === undefined || previous === undefined) return undefined;
  return { id, state: { ...previous, site, ...defined({ hash, connection }) } };
}

/** What a state says of a key that it keeps as the previous one. */
export function asPrevious({ id, state }: StoredKey): Pick<KeyState, "previousId" | "previousHash" | "previous"> {
  const { hash, name, owner, apiVersion, scopes, serviceAccountId, keyId, createdAt, keepers, actionsApi } = state;
  const previous: Named<PreviousState> = {
    name,
    owner,
    apiVersion,
    scopes,
    serviceAccountId,
    keyId,
    createdAt,
    keepers,
    actionsApi,
  };
  return { previousId: id, previous: defined(previous), ...defined({ previousHash: hash }) };
}

/** The same of a key that is still to be revoked: whose it is, and how old, is needed to tell that it is gone. */
export function asSuperseded(key: StoredKey): Superseded {
  const { previous } = asPrevious(key);
  return previous === undefined ? key.id : { ...previous, id: uuidOf(key) ?? key.id };
}

export function withoutPrevious(state: KeyState): KeyState {
  const now = { ...state };
  delete now.previousId;
  delete now.previousHash;
  delete now.previous;
  return now;
}
