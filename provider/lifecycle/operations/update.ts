import { defined } from "../../defined";
import { editKey } from "../changing/edit-key";
import { whenNameIsFree } from "../changing/free-name";
import { finishKey } from "../making/finish-key";
import { keyIsGone, keyOfAnotherResource } from "../model/errors";
import { type CheckedInputs, sameScopes, scopeSet } from "../model/inputs";
import type { KeyState } from "../model/state";
import type { StoredKey } from "../model/stored-key";
import type { Command } from "../observing/command";
import type { Organisation } from "../observing/organisation";
import type { Entry } from "../run/ledger";

/** Applies the program's name, scopes and number of keys. The secret stays the same. */
export async function updateKey(command: Command, stored: StoredKey, wants: CheckedInputs): Promise<KeyState> {
  const { ledger } = command;
  const entry = ledger.startUpdate(stored, wants);
  const holder = ledger.holderOf(stored, entry);
  if (holder) throw keyOfAnotherResource(stored, entry.resource, holder.resource);
  const organisation = await command.organisationOf(stored.state);
  await organisation.requireHome(stored.state);
  const edited = await edit(command, organisation, entry, stored, wants);
  // If the state has no organisation, only an answer about the key proves where it lives.
  const known = edited === stored.state ? edited : await organisation.identified(edited);
  const state: KeyState = defined({
    ...known,
    ...(known.orgId !== undefined && { __credentials: organisation.credentialsFingerprint }),
    ...(wants.__resource !== undefined && { __resource: wants.__resource }),
    keepPrevious: wants.keepPrevious ? true : undefined,
  });
  return finishKey(command, organisation, entry, { ...stored, state }, { wants });
}

async function edit(
  command: Command,
  organisation: Organisation,
  entry: Entry,
  stored: StoredKey,
  wants: CheckedInputs,
): Promise<KeyState> {
  const { id, state } = stored;
  const name = wants.name === state.name ? {} : { name: wants.name };
  const scopes = sameScopes(wants.scopes, state.scopes) ? {} : { scopes: scopeSet(wants.scopes) };
  const change = { ...name, ...scopes };
  if (Object.keys(change).length === 0) return state;
  const write = () => entry.lock.hold(() => editKey(command, organisation, stored, () => change));
  const wanted = { name: wants.name, home: state, organisation };
  const edited = await (change.name === undefined ? write() : whenNameIsFree(command, wanted, write));
  if (!edited) throw keyIsGone(state, id);
  return edited;
}
