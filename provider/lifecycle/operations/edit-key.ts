import type { KeyRecord } from "../../datadog/keys";
import type { KeyEdit } from "../../datadog/v2";
import { defined } from "../../defined";
import type { Organisation } from "../finding/organisation";
import { keyIsGone } from "../model/errors";
import type { KeyState } from "../model/properties";
import { stateNow } from "../model/state";
import { type StoredKey, ownerOf } from "../model/stored-key";
import { changeKey } from "./change-key";

/** Renames a key or changes its scopes, and gives its new state. */
export async function editKey(organisation: Organisation, stored: StoredKey, edit: KeyEdit): Promise<KeyState> {
  const { id, state } = stored;
  const { v1, v2 } = organisation;
  const { name = state.name, scopes } = edit;
  const changed = await changeKey<KeyRecord>(organisation, stored, {
    // v1 knows no scopes: where they change, the key is looked up in v2.
    ...(!scopes && { v1: (key: string) => v1.rename(key, state.name, name) }),
    v2: (area, uuid) => v2.edit(area, uuid, state.name, edit),
  });
  if (!changed) throw keyIsGone(state, id);
  const { keys } = organisation.apiFor(changed.uuid === undefined ? "v1" : "v2", ownerOf(state));
  await keys.put(changed.result);
  // What was asked for and accepted counts where the answer leaves a field out.
  return stateNow(state, { ...defined({ scopes }), ...changed.result }, changed.uuid);
}
