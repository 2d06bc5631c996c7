import { InterruptedError } from "../../datadog/clock";
import { isRefusal } from "../../datadog/errors";
import type { KeyApi } from "../../datadog/key-api";
import type { Organisation } from "../finding/organisation";
import { matchScopes } from "../making/adopt";
import { makeOrAdopt } from "../making/make-or-adopt";
import type { Making } from "../making/making";
import { revokeSuperseded } from "../making/revoke-superseded";
import { PartialError, bothRefused, createInterrupted } from "../model/errors";
import { type CheckedInputs, type KeyState, scopeSet } from "../model/properties";
import { type StoredKey, ownerOf } from "../model/stored-key";
import { matchActionsApi } from "./actions-api";

/** A create of which it is not decided yet through which version of the API it goes. */
export type Beginning = Omit<Making, "api" | "keys">;

export interface CreatedKey {
  readonly id: string;
  readonly outs: KeyState;
}

/** Makes a key, or adopts the one that is there, so that the program's key exists exactly once. */
export async function createKey(beginning: Beginning, inputs: CheckedInputs): Promise<CreatedKey> {
  const { organisation, creation } = beginning;
  const owner = ownerOf(inputs);
  const partlyDone = creation.repeated ? organisation.partlyDone(owner, inputs.name) : undefined;
  const release = partlyDone ? undefined : organisation.names.reserve(owner, inputs.name, creation);
  try {
    const made = partlyDone ? finish(organisation, partlyDone, inputs) : createThroughWhatServes(beginning, inputs);
    const { id, outs } = await made;
    return { id, outs: await matchActionsApi(organisation, { id, state: outs }, inputs.actionsApi ?? false) };
  } catch (error) {
    if (error instanceof InterruptedError) throw createInterrupted(inputs.name, organisation.site, error);
    // A key that is there, if only in part, keeps its name; where a hook has the create tried again, it goes on from here.
    if (error instanceof PartialError) organisation.donePartly(owner, { id: error.id, state: error.properties });
    else release?.();
    throw error;
  }
}

/** Does what a create of this run has left undone. */
async function finish(organisation: Organisation, stored: StoredKey, inputs: CheckedInputs): Promise<CreatedKey> {
  const { id } = stored;
  const state = await matchScopes(organisation, stored, scopeSet(inputs.scopes));
  return { id, outs: await revokeSuperseded(organisation, { id, state }) };
}

async function createThroughWhatServes(beginning: Beginning, inputs: CheckedInputs): Promise<CreatedKey> {
  const { organisation } = beginning;
  const owner = ownerOf(inputs);
  const through = (version: "v1" | "v2") =>
    makeOrAdopt({ ...beginning, ...organisation.apiFor(version, owner) }, inputs);
  const needsV2 = owner !== "currentUser" || scopeSet(inputs.scopes).length > 0 || inputs.actionsApi === true;
  const v2Only = inputs.apiVersion === "v2" || needsV2;
  if (v2Only) return through("v2");
  if (inputs.apiVersion === "v1") return through("v1");
  // v1 where the organisation has it, else v2.
  if (await organisation.servesV1()) {
    const { api, keys } = organisation.apiFor("v1", owner);
    const firstAlone: KeyApi = { ...api, create: (key) => organisation.firstAloneThroughV1(() => api.create(key)) };
    try {
      return await makeOrAdopt({ ...beginning, api: firstAlone, keys }, inputs);
    } catch (error) {
      // A refused create made no key, so that v2 may be tried.
      if (!organisation.v1Refusal || !isRefusal(error)) throw error;
    }
  }
  try {
    return await through("v2");
  } catch (error) {
    if (isRefusal(error) && organisation.v1Refusal) throw bothRefused(organisation.v1Refusal, error);
    throw error;
  }
}
