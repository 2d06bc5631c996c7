import { isFingerprint, quoted } from "../../datadog/keys";
import { defined } from "../../defined";
import { type StoredKey, locate, ownerOf } from "../finding/locate";
import type { Organisation } from "../finding/organisation";
import type { KeyState } from "../model/properties";
import { change } from "./change-key";

/** Revokes a key. Surely gone already is success; every other failure is an error. */
export async function deleteKey(organisation: Organisation, stored: StoredKey): Promise<void> {
  const { id, state } = stored;
  const { v1, v2 } = organisation;
  const changed = await change(organisation, stored, {
    v1: (key) => v1.delete(key, state.name),
    v2: (area, uuid) => v2.delete(area, uuid, state.name),
  });
  const { directory } = organisation.apiFor(changed?.uuid === undefined ? "v1" : "v2", ownerOf(state));
  await directory.remove(changed?.uuid ?? id);
  for (const old of state.superseded ?? []) await revokeById(organisation, old, state);
}

/** Revokes a key of which only the id is known, and that its successor had the same owner and name. */
export async function revokeById(organisation: Organisation, id: string, successor: KeyState): Promise<void> {
  const { name, site, owner, serviceAccountId } = successor;
  const apiVersion: KeyState["apiVersion"] = isFingerprint(id) ? "v1" : "v2";
  const state = defined({ name, site, apiVersion, owner, serviceAccountId });
  if (apiVersion === "v2") {
    await deleteKey(organisation, { id, state });
    return;
  }
  // v1 revokes by the secret, which only its list can tell.
  const place = await locate(organisation, { id, state });
  if (place?.version === "v1") await deleteKey(organisation, { id, state: { ...state, hash: place.key } });
}

/** What is told when a resource goes whose key another resource of the run has taken over. */
export function keptMessage({ id, state }: StoredKey): string {
  return `${quoted(state.name)} (${id}) is not revoked: another resource of this program has taken it over.`;
}
