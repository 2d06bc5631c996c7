import { isFingerprint, quoted } from "../../datadog/keys";
import { defined } from "../../defined";
import type { Run } from "../engine/run";
import { locate } from "../finding/locate";
import type { Organisation } from "../finding/organisation";
import { previousOf } from "../model/previous";
import type { KeyState, PreviousState, Superseded } from "../model/properties";
import { type StoredKey, ownerOf, uuidOf } from "../model/stored-key";
import { unregister } from "./actions-api";
import { changeKey } from "./change-key";

/**
 * Revokes what a resource has: its key, the one before it, and what it could not revoke; except what another one has now.
 * @param tell tells the user of what stays
 */
export async function deleteResource(
  { organisation, plan }: Run,
  stored: StoredKey,
  tell: (line: string) => void,
): Promise<void> {
  const { id, state } = stored;
  const previous = previousOf(stored);
  for (const key of previous ? [stored, previous] : [stored]) {
    if (plan.keepsAsPrevious(key, id)) tell(keptAsPrevious(key));
    else if (plan.keepsKeyOf(key) || organisation.hasAdopted(key)) tell(keptMessage(key));
    else await deleteKey(organisation, key);
  }
  for (const old of state.superseded ?? []) await revokeReplaced(organisation, old, state);
}

/** Revokes a key. Surely gone already is success; every other failure is an error. */
export async function deleteKey(organisation: Organisation, stored: StoredKey): Promise<void> {
  if (organisation.hasRevoked(stored)) return;
  const { id, state } = stored;
  const { v1, v2 } = organisation;
  await unregister(organisation, stored);
  const changed = await changeKey(organisation, stored, {
    v1: (key) => v1.delete(key, state.name),
    v2: (area, uuid) => v2.delete(area, uuid, state.name),
  });
  organisation.revoked(stored);
  const { keys } = organisation.apiFor(changed?.uuid === undefined ? "v1" : "v2", ownerOf(state));
  await keys.remove(changed?.uuid ?? id);
}

/** Revokes a key that was replaced. Its secret is not known. */
export async function revokeReplaced(organisation: Organisation, old: Superseded, successor: KeyState): Promise<void> {
  const stored = typeof old === "string" ? likeSuccessor(old, successor) : withSuccessorsSite(old, successor);
  if (uuidOf(stored) !== undefined) {
    await deleteKey(organisation, stored);
    return;
  }
  if (organisation.hasRevoked(stored)) return;
  // v1 revokes by the secret, which only its list can tell.
  const place = await locate(organisation, stored);
  if (place?.version === "v1")
    await deleteKey(organisation, { ...stored, state: { ...stored.state, hash: place.key } });
}

/** A key of which only the id is known: its owner and name are its successor's, and it is no younger. */
function likeSuccessor(id: string, successor: KeyState): StoredKey {
  const { name, site, owner, serviceAccountId, createdAt } = successor;
  const apiVersion: KeyState["apiVersion"] = isFingerprint(id) ? "v1" : "v2";
  return { id, state: defined({ name, site, apiVersion, owner, serviceAccountId, createdAt }) };
}

function withSuccessorsSite(
  { id, ...state }: PreviousState & { id: string },
  { site, connection }: KeyState,
): StoredKey {
  return { id, state: { ...state, site, ...defined({ connection }) } };
}

/** What is told when a key has been replaced and stays. */
export function keptAsPrevious({ id, state }: StoredKey): string {
  return `${quoted(state.name)} (${id}) is not revoked: with keepPrevious it stays valid until the next rotation.`;
}

/** What is told when a resource goes whose key another resource of the run has taken over. */
export function keptMessage({ id, state }: StoredKey): string {
  return `${quoted(state.name)} (${id}) is not revoked: another resource of this program has taken it over.`;
}
