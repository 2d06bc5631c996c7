import { keptAsPrevious, keptByAnother, revokesItself } from "../model/errors";
import { type StoredKey, idsOf } from "../model/stored-key";
import type { Command } from "../observing/command";
import { proveHome } from "../observing/locate";
import type { Organisation } from "../observing/organisation";
import type { Entry } from "../run/ledger";
import { unregister } from "./actions-api";
import { changeKey } from "./change-key";

/**
 * Revokes a key, unless a live resource has it.
 * @param leaving the resource that no longer needs the key. See {@link Ledger.keeperOf}
 */
export async function revokeUnlessHeld(
  command: Command,
  organisation: Organisation,
  stored: StoredKey,
  leaving: Entry | string,
): Promise<void> {
  const { ledger } = command;
  const holder = ledger.holderOf(stored, leaving);
  if (ledger.keeperOf(stored, leaving)) command.tellOnce(keptAsPrevious(stored), organisation);
  else if (holder) command.tellOnce(keptByAnother(stored, holder.resource), organisation);
  else await revokeKey(command, organisation, stored);
}

/**
 * Revokes a key. A key that is certainly gone counts as revoked. Every other failure is an error.
 * @throws LifecycleError if the key is the credential in use, because nothing could be done after that
 */
async function revokeKey(command: Command, organisation: Organisation, stored: StoredKey): Promise<void> {
  const { writes } = command;
  if (writes.hasRevoked(idsOf(stored))) return;
  const { v1, v2 } = organisation;
  const { name } = stored.state;
  if (organisation.isCredential(stored)) throw revokesItself(stored, organisation.names.appKey);
  await proveHome(command, organisation, stored);
  await unregister(organisation, stored);
  const changed = await changeKey(command, organisation, stored, {
    v1: (key) => v1.delete(key, name),
    v2: (area, uuid) => v2.delete(area, uuid, name),
  });
  writes.revoked([...idsOf(stored), ...(changed?.uuid === undefined ? [] : [changed.uuid])]);
}
