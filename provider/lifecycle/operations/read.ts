import type { ReadResult } from "@pulumi/pulumi/dynamic";
import { isFingerprint } from "../../datadog/keys";
import { locate } from "../finding/locate";
import type { Organisation } from "../finding/organisation";
import { noSuchKey } from "../model/errors";
import type { KeyState } from "../model/properties";
import { inputsOf, refreshed } from "../model/state";

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
  if (!place) {
    // The engine takes an empty id for "gone" in a refresh only: `ApplicationKey.get` would succeed with no outputs.
    if (known.name === undefined) throw noSuchKey(id, organisation.site);
    return { id: "" };
  }
  const props = refreshed(state, place.record, place.version === "v2" ? place.record.id : undefined);
  return { id, props, inputs: inputsOf(props) };
}
