import { isRefusal } from "../../datadog/errors";
import { type KeyApi, v1Api, v2Api } from "../../datadog/key-api";
import type { Owner } from "../../datadog/v2";
import { BothRefusedError } from "../model/errors";
import { type CheckedInputs, scopeSet } from "../model/inputs";
import { ownerOf } from "../model/stored-key";
import type { KeyList } from "../observing/key-list";
import type { Organisation } from "../observing/organisation";

/** One version of the API, with the list that shows the owner's keys. */
export interface ServedVersion {
  readonly api: KeyApi;
  readonly keys: KeyList;
}

/**
 * Creates through v1 if the organisation has it, otherwise through v2. This is safe, because v1 refuses a create before
 * it makes a key.
 */
export async function throughServedVersion<T>(
  organisation: Organisation,
  inputs: CheckedInputs,
  make: (served: ServedVersion) => Promise<T>,
): Promise<T> {
  const owner = ownerOf(inputs);
  const v2: ServedVersion = { api: v2Api(organisation.v2, owner), keys: organisation.v2KeysOf(owner) };
  if (inputs.apiVersion === "v2" || needsV2(owner, inputs)) return make(v2);
  const v1: ServedVersion = { api: v1Api(organisation.v1), keys: organisation.v1Keys };
  if (inputs.apiVersion === "v1") return make(v1);

  if (await organisation.servesV1()) {
    const { create } = v1.api;
    const api: KeyApi = { ...v1.api, create: (key) => organisation.firstAloneThroughV1(() => create(key)) };
    try {
      return await make({ ...v1, api });
    } catch (error) {
      if (!organisation.v1Refusal || !isRefusal(error)) throw error;
    }
  }
  try {
    return await make(v2);
  } catch (error) {
    throw isRefusal(error) && organisation.v1Refusal ? new BothRefusedError(organisation.v1Refusal, error) : error;
  }
}

function needsV2(owner: Owner, { scopes, actionsApi }: CheckedInputs): boolean {
  return owner !== "currentUser" || scopeSet(scopes).length > 0 || actionsApi === true;
}
