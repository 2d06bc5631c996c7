import { keyIsGone } from "../model/errors";
import type { KeyState } from "../model/state";
import { type StoredKey, uuidOf } from "../model/stored-key";
import type { Command } from "../observing/command";
import type { Organisation } from "../observing/organisation";
import { changeKey } from "./change-key";

/** Registers or unregisters a key for Actions API access. */
export async function applyActionsApi(
  command: Command,
  organisation: Organisation,
  stored: StoredKey,
  wanted: boolean,
): Promise<KeyState> {
  const { id, state } = stored;
  if ((state.actionsApi ?? false) === wanted) return state;
  if (!wanted) return unregister(organisation, stored);
  const changed = await changeKey(command, organisation, stored, {
    v2: (_, uuid) => organisation.registrations.add(uuid, state.name),
  });
  if (changed?.uuid === undefined) throw keyIsGone(state, id);
  return { ...state, keyId: changed.uuid, actionsApi: true };
}

/** Sends nothing for a key that was never registered. */
export async function unregister(organisation: Organisation, stored: StoredKey): Promise<KeyState> {
  const { actionsApi, ...state } = stored.state;
  const uuid = uuidOf(stored);
  if (actionsApi && uuid !== undefined) await organisation.registrations.remove(uuid, state.name);
  return state;
}
