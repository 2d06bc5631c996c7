import { revokeUnlessHeld } from "../changing/revoke-key";
import { nothingRotated } from "../model/errors";
import { previousOf, supersededKey } from "../model/replaced-keys";
import { belongsTo } from "../model/resource";
import { type StoredKey, isSameKey } from "../model/stored-key";
import type { Command } from "../observing/command";
import type { Entry } from "../run/ledger";

/**
 * Revokes a resource's keys: its own, the previous one, and those it could not revoke before. Skips keys that a live
 * resource has.
 */
export async function deleteResource(command: Command, stored: StoredKey): Promise<void> {
  const { ledger } = command;
  const { id, state } = stored;
  const organisation = await command.organisationOf(state);
  const previous = previousOf(stored);
  const superseded = (state.superseded ?? []).map((old) => supersededKey(old, state));
  const holder = ledger.holderOf(stored);
  if (holder && tookItselfOver(holder, stored)) throw nothingRotated(stored);
  for (const key of [stored, ...(previous ? [previous] : []), ...superseded]) {
    await revokeUnlessHeld(command, organisation, key, id);
  }
  ledger.recordDelete(stored);
}

/** Whether a replacement kept the old key, because `adopt` took it over for the same resource. */
function tookItselfOver({ made, stored: before, wants }: Entry, stored: StoredKey): boolean {
  if (!made) return false;
  return (before !== undefined && isSameKey(before, stored)) || (wants !== undefined && belongsTo(stored, wants));
}
