import type { Organisation } from "../finding/organisation";
import { actionsApiNotChanged, keyIsGone, messageOf } from "../model/errors";
import type { KeyState } from "../model/properties";
import { type StoredKey, uuidOf } from "../model/stored-key";
import { changeKey } from "./change-key";

/**
 * Registers a key for Actions API access, or takes that back, as the program says.
 * @throws PartialError where Datadog refuses: the key is there all the same
 */
export async function matchActionsApi(
  organisation: Organisation,
  stored: StoredKey,
  wanted: boolean,
): Promise<KeyState> {
  const { state } = stored;
  if ((state.actionsApi ?? false) === wanted) return state;
  try {
    return await (wanted ? register(organisation, stored) : unregister(organisation, stored));
  } catch (error) {
    throw actionsApiNotChanged(stored, wanted, messageOf(error));
  }
}

async function register(organisation: Organisation, stored: StoredKey): Promise<KeyState> {
  const { id, state } = stored;
  const changed = await changeKey(organisation, stored, {
    v2: (_, uuid) => organisation.registrations.add(uuid, state.name),
  });
  if (changed?.uuid === undefined) throw keyIsGone(state, id);
  return { ...state, keyId: changed.uuid, actionsApi: true };
}

/** Does nothing to a key that was never registered. */
export async function unregister(organisation: Organisation, stored: StoredKey): Promise<KeyState> {
  const { actionsApi, ...state } = stored.state;
  const uuid = uuidOf(stored);
  if (actionsApi && uuid !== undefined) await organisation.registrations.remove(uuid, state.name);
  return state;
}

/** A state with what Datadog's list of registrations shows now; nothing is asked for a key that was never registered. */
export async function withActionsApi(organisation: Organisation, stored: StoredKey): Promise<KeyState> {
  const { actionsApi, ...state } = stored.state;
  const uuid = uuidOf(stored);
  if (!actionsApi || uuid === undefined) return stored.state;
  const registered = await organisation.registered.get();
  return registered.has(uuid.toLowerCase()) ? stored.state : state;
}
