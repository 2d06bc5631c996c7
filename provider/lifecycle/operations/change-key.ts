import { NotFoundError, isRefusal } from "../../datadog/errors";
import type { Area } from "../../datadog/v2";
import { type Place, type StoredKey, locate, locateHidden, locateMoved, ownerOf, uuidOf } from "../finding/locate";
import type { Organisation } from "../finding/organisation";

/** One change of a key, as each version of the API makes it. */
export interface Change<T> {
  /** Absent where v1 cannot make it. */
  readonly v1?: (key: string) => Promise<T>;
  readonly v2: (area: Area, uuid: string) => Promise<T>;
}

/** What became of it; undefined where the key is surely gone. `uuid` where v2 made the change. */
export type Changed<T> = { readonly result: T; readonly uuid: string | undefined } | undefined;

/**
 * Changes a key where it was last known to be; only where Datadog refuses is it looked for.
 * A refusal is never taken for "gone" before a look has made sure of it.
 */
export async function change<T>(
  organisation: Organisation,
  stored: StoredKey,
  { v1, v2 }: Change<T>,
): Promise<Changed<T>> {
  const uuid = uuidOf(stored);
  const { hash } = stored.state;
  let place: Place | undefined;
  if (uuid !== undefined) {
    try {
      return { result: await v2(ownerOf(stored.state), uuid), uuid };
    } catch (error) {
      if (!isRefusal(error)) throw error;
      place = await locateHidden(organisation, stored, uuid).catch((second: unknown) => {
        throw error instanceof NotFoundError ? second : error;
      });
    }
  } else if (v1 && hash !== undefined && !organisation.v1Refusal) {
    try {
      return { result: await v1(hash), uuid: undefined };
    } catch (error) {
      if (!isRefusal(error)) throw error;
      place = await locate(organisation, stored, true);
      // v1 shows the key and still refuses: that is about permission, and v2 would ask for the same one.
      if (place?.version === "v1") throw error;
    }
  } else {
    place = await locateMoved(organisation, stored);
  }
  if (place?.version !== "v2") return undefined;
  const { id } = place.record;
  try {
    return { result: await v2(place.area, id), uuid: id };
  } catch (error) {
    // It was there a moment ago: where an answer was lost, the second try may find what the first one did.
    if (!(error instanceof NotFoundError) || (await locateHidden(organisation, stored, id))) throw error;
    return undefined;
  }
}
