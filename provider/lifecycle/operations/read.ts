import { isFingerprint, looksLikeKey } from "../../datadog/keys";
import { defined } from "../../defined";
import { goneWithMoreToRevoke, idIsSecret, noSuchKey, previousTakesOver } from "../model/errors";
import { asPrevious, previousOf, withoutPrevious } from "../model/replaced-keys";
import { type KeyState, inputsOf, stateNow } from "../model/state";
import { type StoredKey, uuidOf } from "../model/stored-key";
import type { Command } from "../observing/command";
import { type Located, locate } from "../observing/locate";
import type { Organisation } from "../observing/organisation";

/** The current key and the inputs that would produce its state. The id is empty if the key is certainly gone. */
export interface ReadKey {
  readonly id: string;
  readonly state?: KeyState;
  readonly inputs?: Partial<KeyState>;
}

/**
 * Reads a key from Datadog.
 * @param known the state, or for `ApplicationKey.get` the few known fields
 */
export async function readKey(command: Command, id: string, known: Partial<KeyState> = {}): Promise<ReadKey> {
  const organisation = await command.organisationOf(known);
  if (looksLikeKey(id.trim()) || /^[0-9a-f]{32}$/i.test(id.trim())) throw idIsSecret(organisation.site);
  const state: KeyState = {
    ...known,
    ...(known.name === undefined && { __get: true }),
    name: known.name ?? "",
    site: organisation.site,
    apiVersion: known.apiVersion ?? (isFingerprint(id) ? "v1" : "v2"),
  };
  const stored = { id, state };
  const located = await locate(command, organisation, stored);
  const previous = await previousNow(command, organisation, stored);
  if (!located) return withoutItsKey(command, organisation, stored, previous);
  const now = stateNow(state, located.record, uuidIn(located));
  const shown = await withActionsApi(organisation, { id, state: now });
  const identified = await organisation.identified(shown);
  return outputs(id, { ...withoutPrevious(identified), ...(previous && asPrevious(previous)) });
}

function outputs(id: string, state: KeyState): ReadKey {
  return { id, state, inputs: inputsOf(state) };
}

/** What remains of a resource whose key is gone: the previous key, keys that must still be revoked, or nothing. */
function withoutItsKey(
  command: Command,
  organisation: Organisation,
  stored: StoredKey,
  previous: StoredKey | undefined,
): ReadKey {
  const { id, state } = stored;
  const { keepPrevious, superseded, __resource } = state;
  if (previous) {
    command.tellOnce(previousTakesOver(stored, previous), organisation);
    return outputs(previous.id, { ...previous.state, ...defined({ keepPrevious, superseded, __resource }) });
  }
  if (superseded !== undefined && superseded.length > 0) {
    command.tellOnce(goneWithMoreToRevoke(stored), organisation);
    return outputs(id, { ...withoutPrevious(state), __gone: true });
  }
  // The engine understands an empty id as "gone" only in a refresh. `ApplicationKey.get` would succeed without outputs.
  if (state.name === "") throw noSuchKey(id, organisation.site);
  return { id: "" };
}

/** The current state of the previous key, or undefined if it is gone. */
async function previousNow(
  command: Command,
  organisation: Organisation,
  stored: StoredKey,
): Promise<StoredKey | undefined> {
  const previous = previousOf(stored);
  const located = previous && (await locate(command, organisation, previous));
  if (!located) return undefined;
  const now = { id: previous.id, state: stateNow(previous.state, located.record, uuidIn(located)) };
  return { id: previous.id, state: await withActionsApi(organisation, now) };
}

function uuidIn({ address }: Located): string | undefined {
  return "uuid" in address ? address.uuid : undefined;
}

/** Updates a state from the list of registrations. Sends nothing for a key that was never registered. */
async function withActionsApi(organisation: Organisation, stored: StoredKey): Promise<KeyState> {
  const { actionsApi, ...state } = stored.state;
  const uuid = uuidOf(stored);
  if (!actionsApi || uuid === undefined) return stored.state;
  const registered = await organisation.registered.get();
  return registered.has(uuid.toLowerCase()) ? stored.state : state;
}
