import type { ReadResult } from "@pulumi/pulumi/dynamic";
import { isFingerprint } from "../../datadog/keys";
import { defined } from "../../defined";
import { locate } from "../finding/locate";
import type { Organisation } from "../finding/organisation";
import { noSuchKey } from "../model/errors";
import { asPrevious, previousOf, withoutPrevious } from "../model/previous";
import type { KeyState } from "../model/properties";
import { inputsOf, stateNow } from "../model/state";
import type { StoredKey } from "../model/stored-key";
import { withActionsApi } from "./actions-api";

/**
 * What Datadog shows of a key now; an empty id where it is surely gone.
 * @param known the state, or for `ApplicationKey.get` what little the program says
 */
export async function readKey(
  organisation: Organisation,
  id: string,
  known: Partial<KeyState> = {},
): Promise<ReadResult<Partial<KeyState>>> {
  const state: KeyState = {
    ...known,
    name: known.name ?? "",
    site: organisation.site,
    apiVersion: known.apiVersion ?? (isFingerprint(id) ? "v1" : "v2"),
  };
  const place = await locate(organisation, { id, state });
  const previous = await previousNow(organisation, { id, state });
  // Its key was revoked, and the one before it was not: that one is what the resource has.
  if (!place && previous) {
    const { keepPrevious } = state;
    const props = { ...previous.state, ...defined({ keepPrevious }) };
    return { id: previous.id, props, inputs: inputsOf(props) };
  }
  if (!place) {
    // The engine takes an empty id for "gone" in a refresh only: `ApplicationKey.get` would succeed with no outputs.
    if (known.name === undefined) throw noSuchKey(id, organisation.site);
    return { id: "" };
  }
  const now = stateNow(state, place.record, place.version === "v2" ? place.record.id : undefined);
  const shown = await withActionsApi(organisation, { id, state: now });
  const props = { ...withoutPrevious(shown), ...(previous && asPrevious(previous)) };
  return { id, props, inputs: inputsOf(props) };
}

/** The key that is kept beside this one, as Datadog shows it; undefined where there is none (any more). */
async function previousNow(organisation: Organisation, stored: StoredKey): Promise<StoredKey | undefined> {
  const previous = previousOf(stored);
  const place = previous && (await locate(organisation, previous));
  if (!place) return undefined;
  const uuid = place.version === "v2" ? place.record.id : undefined;
  const now = { id: previous.id, state: stateNow(previous.state, place.record, uuid) };
  return { id: previous.id, state: await withActionsApi(organisation, now) };
}
