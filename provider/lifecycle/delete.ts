import { NotFoundError } from "../datadog/errors";
import { isFingerprint, quoted } from "../datadog/keys";
import { type StoredKey, ownerOf } from "./locate";
import type { Organisation, Owner } from "./organisation";
import { change } from "./write";

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
  for (const old of state.superseded ?? []) await revokeById(organisation, ownerOf(state), old, state.name);
}

/** Revokes a key of which only the id is known. */
export async function revokeById(organisation: Organisation, owner: Owner, id: string, name: string): Promise<void> {
  const { api, directory } = organisation.apiFor(isFingerprint(id) ? "v1" : "v2", owner);
  // v1 revokes by the secret, which only its list can tell.
  const key = api.version === "v1" ? await directory.find(id) : { id, name };
  if (!key) return;
  await api.delete(key).catch((error: unknown) => {
    // It is the caller's own key, so that "not found" is the truth.
    if (!(error instanceof NotFoundError)) throw error;
  });
  await directory.remove(id);
}

/** What is told when a resource goes whose key another resource of the run has taken over. */
export function keptMessage({ id, state }: StoredKey): string {
  return `${quoted(state.name)} (${id}) is not revoked: another resource of this program has taken it over.`;
}
