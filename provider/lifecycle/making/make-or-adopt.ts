import { ConflictError } from "../../datadog/errors";
import type { KeyRecord } from "../../datadog/keys";
import { editKey } from "../changing/edit-key";
import { withName } from "../changing/with-name";
import { LifecycleError, claimedTwice, secondMayExist, secretOfNoKey } from "../model/errors";
import { isNamedBy, replacedName } from "../model/names";
import { asSuperseded } from "../model/previous";
import { type Superseded, secretToAdopt } from "../model/properties";
import { stateOf } from "../model/state";
import { ownerOf } from "../model/stored-key";
import { isAlive, takeOver } from "./adopt";
import { keyInTheWay, keyThatShowsLate } from "./in-the-way";
import { keepPrevious } from "./keep-previous";
import { makeOnce } from "./make-once";
import { type Looking, type Made, type MakingThrough, homeOf, ownKey } from "./making";
import { takenBySomebody } from "./name-holder";

/** Creates a key, or adopts or replaces the existing one, as the program says. */
export async function makeOrAdopt(looking: Looking): Promise<Made> {
  const { organisation, inputs } = looking;
  const inTheWay = await keyInTheWay(looking);
  // Looked up before the create, so that a failure leaves nothing behind.
  const making = { ...looking, identity: await organisation.identityOf(ownerOf(inputs)) };
  const rival = looking.command.ledger.claim(looking.entry, homeOf(making));
  if (rival) throw new LifecycleError(claimedTwice(inputs.name, inputs.site, looking.entry.resource, rival.resource));
  if (inTheWay && (await isAlive(making, inTheWay))) return makeInPlaceOf(making, inTheWay);
  if (secretToAdopt(inputs) !== undefined) throw secretOfNoKey(inputs.name, organisation.site);
  try {
    return await makeNew(making);
  } catch (error) {
    if (!(error instanceof ConflictError)) throw error;
    // None of our keys seemed to have the name. A key that got it some seconds ago may appear only now.
    const late = await keyThatShowsLate(making, organisation.clock.now());
    if (late && (await isAlive(making, late))) return makeInPlaceOf(making, late);
    throw await takenBySomebody(making, error);
  }
}

async function makeInPlaceOf(making: MakingThrough, key: KeyRecord): Promise<Made> {
  return making.inputs.adopt === "replace" ? replaceFound(making, key) : adoptFound(making, key);
}

async function adoptFound(making: MakingThrough, key: KeyRecord): Promise<Made> {
  const { api, identity, inputs } = making;
  const whole = await takeOver(making, key);
  const state = { ...stateOf(whole, api.version, identity, inputs), ...(await keepPrevious(making)) };
  return { stored: { id: whole.id, state } };
}

/** The existing key is renamed first. This distinguishes a run that was killed from one that never started. */
async function replaceFound(making: MakingThrough, key: KeyRecord): Promise<Made> {
  const { command, organisation, inputs } = making;
  const stored = ownKey(making, key);
  const moveAside = () => editKey(command, organisation, stored, (id) => ({ name: replacedName(inputs.name, id) }));
  const state = await moveAside();
  // A key of another resource in the state is deleted by the engine, or that resource still wants it.
  const isOurs = state !== undefined && !command.ledger.knows(key);
  const superseded = isOurs ? [asSuperseded({ ...stored, state })] : [];
  try {
    return await makeNew(making, superseded);
  } catch (error) {
    if (!(error instanceof ConflictError)) throw error;
    // A late write of an earlier run may have given the key its name back.
    await moveAside();
    return makeNew(making, superseded);
  }
}

/** @param superseded the keys that this one replaces */
async function makeNew(making: MakingThrough, superseded: readonly Superseded[] = []): Promise<Made> {
  const { command, organisation, api, identity, inputs } = making;
  const old = [...superseded, ...(await leftAside(making))];
  const previous = await keepPrevious(making);
  const wish = { name: inputs.name, home: homeOf(making), organisation };
  const isTaken = () => command.ledger.givers(wish.name, wish.home).length > 0;
  const { record, mayHaveTwin } = await withName(command, wish, () => makeOnce(making, isTaken));
  // v1 does not show when a key was created.
  const createdAt = record.createdAt ?? new Date(organisation.clock.date()).toISOString();
  const state = { ...stateOf({ ...record, createdAt }, api.version, identity, inputs), ...previous };
  const stored = { id: record.id, state: old.length === 0 ? state : { ...state, superseded: old } };
  return { stored, doubt: mayHaveTwin === undefined ? undefined : secondMayExist(stored, mayHaveTwin) };
}

/** Keys that an earlier run with `adopt: "replace"` renamed and did not revoke. */
async function leftAside(making: MakingThrough): Promise<Superseded[]> {
  const { command, organisation, api, keys, inputs } = making;
  if (inputs.adopt !== "replace") return [];
  const isLeft = (key: KeyRecord) => isNamedBy(replacedName, inputs.name, key) && !command.ledger.knows(key);
  const left = await organisation.ownKeys(api.version, await keys.filter(isLeft));
  return left.map((key) => asSuperseded(ownKey(making, key)));
}
