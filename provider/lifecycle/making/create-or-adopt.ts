import { ConflictError } from "../../datadog/errors";
import type { KeyRecord } from "../../datadog/keys";
import { defined } from "../../defined";
import { editKey } from "../changing/edit-key";
import { whenNameIsFree } from "../changing/free-name";
import { LifecycleError, nameWantedTwice, twinMayExist, secretOfNoKey } from "../model/errors";
import { isNamedBy, replacedName } from "../model/given-names";
import { asSuperseded } from "../model/replaced-keys";
import { secretToAdopt } from "../model/inputs";
import { type Superseded, stateOf } from "../model/state";
import type { StoredKey } from "../model/stored-key";
import { confirmAlive, takeOver } from "./adopt";
import { findExistingKey, findLateKey } from "./existing-key";
import { keepPrevious } from "./keep-previous";
import { createOnce } from "./create-once";
import { type CreatedKey, type Creation, asStored, homeOf, ownKeys } from "./creation";
import { explainNameTaken } from "./explain-name-taken";

/** Creates a key, or adopts or replaces the existing one, as the program says. */
export async function createOrAdopt(creation: Creation): Promise<CreatedKey> {
  const { command, organisation, entry, inputs } = creation;
  const existing = await findExistingKey(creation);
  const rival = command.ledger.claim(entry, homeOf(creation));
  if (rival) throw new LifecycleError(nameWantedTwice(inputs.name, inputs.site, entry.resource, rival.resource));
  if (existing && (await claimExisting(creation, existing))) return adoptOrReplace(creation, existing);
  if (secretToAdopt(inputs) !== undefined) throw secretOfNoKey(inputs.name, organisation.site);
  try {
    return await createNew(creation);
  } catch (error) {
    if (!(error instanceof ConflictError)) throw error;
    // None of our keys seemed to have the name. A key that got it some seconds ago may appear only now.
    const late = await findLateKey(creation, organisation.clock.now());
    if (late && (await claimExisting(creation, late))) return adoptOrReplace(creation, late);
    throw await explainNameTaken(creation, error);
  }
}

/**
 * Proves that an existing key is alive. If it is adopted, no other resource of this run revokes it from here on.
 * @returns false if it is gone
 */
async function claimExisting(creation: Creation, key: KeyRecord): Promise<boolean> {
  const { entry, inputs } = creation;
  if (inputs.adopt !== "replace") entry.adopting = asStored(creation, key);
  const alive = await confirmAlive(creation, key);
  if (!alive) entry.adopting = undefined;
  return alive;
}

async function adoptOrReplace(creation: Creation, key: KeyRecord): Promise<CreatedKey> {
  return creation.inputs.adopt === "replace" ? replaceFound(creation, key) : adoptFound(creation, key);
}

async function adoptFound(creation: Creation, key: KeyRecord): Promise<CreatedKey> {
  const { command, api, identity, inputs } = creation;
  const whole = await takeOver(creation, key);
  // Another resource may give it to this one. What v1 does not show of it comes along.
  const before = command.ledger.keyOf(whole);
  const state = {
    ...(before && defined(onlyInState(before))),
    ...stateOf(whole, api.version, identity, inputs),
    ...(await keepPrevious(creation, before)),
  };
  return { stored: { id: whole.id, state } };
}

function onlyInState({ state: { keyId, createdAt, actionsApi } }: StoredKey) {
  return { keyId, createdAt, actionsApi };
}

/** Renames the existing key first, so that the next run can tell if this one was killed. */
async function replaceFound(creation: Creation, key: KeyRecord): Promise<CreatedKey> {
  const { command, organisation, inputs } = creation;
  const stored = asStored(creation, key);
  const state = await editKey(command, organisation, stored, (id) => ({ name: replacedName(inputs.name, id) }));
  // A key of another resource in the state is deleted by the engine, or that resource still wants it.
  const isOurs = state !== undefined && !command.ledger.knows(key);
  return createNew(creation, isOurs ? [asSuperseded({ ...stored, state })] : []).catch(async (error: unknown) => {
    throw error instanceof ConflictError ? await explainNameTaken(creation, error) : error;
  });
}

/** @param superseded the keys that this one replaces */
async function createNew(creation: Creation, superseded: readonly Superseded[] = []): Promise<CreatedKey> {
  const { command, organisation, api, identity, inputs } = creation;
  const old = [...superseded, ...(await leftAside(creation))];
  const previous = await keepPrevious(creation);
  const wanted = { name: inputs.name, home: homeOf(creation), organisation };
  const isTaken = () => command.ledger.nameGivers(wanted.name, wanted.home).length > 0;
  const { record, mayHaveTwin } = await whenNameIsFree(command, wanted, () => createOnce(creation, isTaken));
  // v1 does not show when a key was created.
  const createdAt = record.createdAt ?? new Date(organisation.clock.date()).toISOString();
  const state = { ...stateOf({ ...record, createdAt }, api.version, identity, inputs), ...previous };
  const stored = { id: record.id, state: old.length === 0 ? state : { ...state, superseded: old } };
  return { stored, doubt: mayHaveTwin === undefined ? undefined : twinMayExist(stored, mayHaveTwin) };
}

/** Keys that an earlier run with `adopt: "replace"` renamed and did not revoke. */
async function leftAside(creation: Creation): Promise<Superseded[]> {
  const { command, inputs } = creation;
  if (inputs.adopt !== "replace") return [];
  const isLeft = (key: KeyRecord) => isNamedBy(replacedName, inputs.name, key) && !command.ledger.knows(key);
  return (await ownKeys(creation, isLeft)).map((key) => asSuperseded(asStored(creation, key)));
}
