import type { KeyRecord } from "../../datadog/keys";
import type { KeyEdit } from "../../datadog/v2";
import { defined } from "../../defined";
import { type KeyState, stateNow } from "../model/state";
import { type StoredKey, idsOf } from "../model/stored-key";
import type { Command } from "../observing/command";
import type { Organisation } from "../observing/organisation";
import { changeKey } from "./change-key";

/**
 * Renames a key or changes its scopes.
 * @param edit by the id that the key goes by at the address where it is changed
 * @returns its new state; undefined if the key is certainly gone
 */
export async function editKey(
  command: Command,
  organisation: Organisation,
  stored: StoredKey,
  edit: (id: string) => KeyEdit,
): Promise<KeyState | undefined> {
  const { v1, v2 } = organisation;
  const { name, scopes } = edit(stored.id);
  const now = command.ledger.nameOf(stored);
  const changed = await changeKey<KeyRecord>(command, organisation, stored, {
    // v1 has no scopes, so a key whose scopes change is looked up in v2.
    ...(!scopes && { v1: (key: string) => v1.rename(key, now, name ?? now) }),
    v2: (area, uuid) => v2.edit(area, uuid, now, edit(uuid)),
  });
  const ids = [...idsOf(stored), ...(changed?.uuid === undefined ? [] : [changed.uuid])];
  if (!changed) {
    command.writes.revoked(ids);
    return undefined;
  }
  // An answer may leave out the values that it accepted.
  const record = { ...defined({ scopes }), ...changed.result };
  command.writes.edited(ids, { name: record.name, ...defined({ scopes: record.scopes }) });
  return stateNow(stored.state, record, changed.uuid);
}
