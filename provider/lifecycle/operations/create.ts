import { ConflictError, DatadogError, isRefusal, mayHaveHappened } from "../../datadog/errors";
import type { KeyApi } from "../../datadog/key-api";
import type { KeyRecord } from "../../datadog/keys";
import { isAside } from "../model/aside-name";
import { claim } from "../making/reserved-names";
import type { Decisions } from "../engine/plan";
import type { Directory } from "../finding/key-list";
import {
  PartialError,
  bothRefused,
  claimedTwice,
  keyExists,
  messageOf,
  scopesNotChanged,
  secondMayExist,
  secretLost,
  severalKeys,
} from "../model/errors";
import { ownerOf } from "../finding/locate";
import { type Made, type Order, makeKey } from "../making/create-once";
import type { Organisation, Owner } from "../finding/organisation";
import { type CheckedInputs, type KeyState, sameScopes, scopeSet } from "../model/properties";
import { refreshed, stateOf } from "../model/state";
import { stepAside, stepBack } from "../making/step-aside";
import { revokeSuperseded } from "../making/revoke-superseded";

/** What a create needs beside its inputs. */
export interface Surroundings {
  readonly organisation: Organisation;
  readonly decisions: Decisions;
}

export interface CreatedKey {
  readonly id: string;
  readonly outs: KeyState;
}

/** Makes a key, or adopts the one that is there, so that the program's key exists exactly once. */
export async function createKey(around: Surroundings, inputs: CheckedInputs): Promise<CreatedKey> {
  const { organisation } = around;
  const owner = ownerOf(inputs);
  const release = claim(organisation, owner, inputs.name);
  try {
    const v2Only = inputs.apiVersion === "v2" || owner !== "currentUser" || scopeSet(inputs.scopes).length > 0;
    if (v2Only) return await createThrough(organisation.apiFor("v2", owner), around, inputs, owner);
    if (inputs.apiVersion === "v1") return await createThrough(organisation.apiFor("v1", owner), around, inputs, owner);
    return await createThroughEither(around, inputs, owner);
  } catch (error) {
    // A key that is there, if only in part, keeps its name.
    if (!(error instanceof PartialError)) release();
    throw error;
  }
}

/** v1 where the organisation has it, else v2. */
async function createThroughEither(around: Surroundings, inputs: CheckedInputs, owner: Owner): Promise<CreatedKey> {
  const { organisation } = around;
  if (await organisation.servesV1()) {
    const { api, directory } = organisation.apiFor("v1", owner);
    const proving: KeyApi = {
      ...api,
      create: (name, scopes) => organisation.provingV1(() => api.create(name, scopes)),
    };
    try {
      return await createThrough({ api: proving, directory }, around, inputs, owner);
    } catch (error) {
      // A refused create made no key, so that v2 may be tried.
      if (!organisation.v1Refusal || !isRefusal(error)) throw error;
    }
  }
  try {
    return await createThrough(organisation.apiFor("v2", owner), around, inputs, owner);
  } catch (error) {
    if (isRefusal(error) && organisation.v1Refusal) throw bothRefused(organisation.v1Refusal, error);
    throw error;
  }
}

async function createThrough(
  through: { readonly api: KeyApi; readonly directory: Directory },
  { organisation, decisions }: Surroundings,
  inputs: CheckedInputs,
  owner: Owner,
): Promise<CreatedKey> {
  const { name, adopt = false } = inputs;
  const { version } = through.api;
  const order: Order = { ...through, organisation, name, scopes: scopeSet(inputs.scopes) };
  const named = await organisation.ownKeys(version, await order.directory.filter((key) => key.name === name));
  const replaced = named.filter((key) => decisions.replaces(key));
  const existing = named.filter((key) => !decisions.replaces(key) && !decisions.mayReplaceOnOrder(key));
  if (existing.some((key) => decisions.keeps(key))) throw claimedTwice(name, organisation.site);
  if (existing.length > 0 && adopt === false) throw keyExists(name, organisation.site, existing);
  if (existing.length > 1) throw severalKeys(name, organisation.site, existing);

  // v1's answers name the owner; v2's give an id. Asked before the key is made: a failure then leaves nothing behind.
  const ownerName = version === "v2" ? await organisation.nameOfOwner(owner) : undefined;
  const finish = (record: KeyRecord) => ({ id: record.id, state: stateOf(record, version, ownerName, inputs) });

  const [taken] = existing;
  if (taken && adopt === true) {
    const key = await takeOver(order, taken);
    const { id, state } = finish(key);
    return { id, outs: await matchScopes(order, key, id, state) };
  }
  // One that a resource of this program has is the engine's to revoke, once its dependents have the new one.
  const leftAside =
    adopt === "replace"
      ? await order.directory.filter((key) => isAside(key, name) && !decisions.replaces(key) && !decisions.keeps(key))
      : [];
  const superseded = [...existing, ...leftAside];
  const { record, doubt } = await makeInPlaceOf(order, existing, replaced);
  const { id, state } = finish(record);
  const left = superseded.length === 0 ? state : { ...state, superseded: superseded.map((key) => key.id) };
  if (doubt !== undefined) throw secondMayExist({ id, state: left }, doubt);
  return { id, outs: await revokeSuperseded(organisation, { id, state: left }) };
}

/**
 * Makes a key under a name that others have: those that it takes the place of by `adopt: "replace"` step aside first, so
 * that a run that is killed can be told from one that never began; one that the engine replaces only where Datadog
 * refuses two of a name.
 */
async function makeInPlaceOf(
  order: Order,
  existing: readonly KeyRecord[],
  replaced: readonly KeyRecord[],
): Promise<Made> {
  let aside = await stepAside(order, existing);
  try {
    return await makeKey(order).catch(async (error: unknown) => {
      if (!(error instanceof ConflictError) || replaced.length === 0) throw error;
      aside = [...aside, ...(await stepAside(order, replaced))];
      return makeKey(order);
    });
  } catch (error) {
    // Where the successor may be there after all, its name is taken, and the next run goes on from here.
    if (!(error instanceof DatadogError) || mayHaveHappened(error)) throw error;
    throw await stepBack(order, aside, error);
  }
}

/** Takes over a key with its secret. */
async function takeOver({ organisation, api, directory }: Order, taken: KeyRecord): Promise<KeyRecord> {
  const revealed = await api.reveal(taken);
  if (revealed.key === undefined) throw secretLost(taken, organisation.site);
  organisation.adopt(revealed);
  await directory.put(revealed);
  return revealed;
}

/** Gives an adopted key the scopes that the program asks for. */
async function matchScopes({ api, scopes }: Order, key: KeyRecord, id: string, state: KeyState): Promise<KeyState> {
  if (api.version === "v1" || sameScopes(scopes, key.scopes)) return state;
  try {
    await api.edit(key, { scopes });
  } catch (error) {
    throw scopesNotChanged({ id, state }, messageOf(error));
  }
  return refreshed(state, { ...key, scopes }, undefined);
}
