import { isDeepStrictEqual } from "node:util";
import { NotFoundError, isRefusal } from "../../datadog/errors";
import type { Area } from "../../datadog/v2";
import { changeShown } from "../finding/change-shown";
import { type Place, locate, locateMoved } from "../finding/locate";
import type { Organisation } from "../finding/organisation";
import { type StoredKey, ownerOf, uuidOf } from "../model/stored-key";

/** One change of a key, as each version of the API makes it. */
export interface Change<T> {
  /** Absent where v1 cannot make it. */
  readonly v1?: (key: string) => Promise<T>;
  readonly v2: (area: Area, uuid: string) => Promise<T>;
}

/** What became of it; undefined where the key is surely gone. `uuid` where v2 made the change. */
export type Changed<T> = { readonly result: T; readonly uuid: string | undefined } | undefined;

/** Where a key is changed: by its secret, or by its UUID. */
type Way = { readonly key: string } | { readonly area: Area; readonly uuid: string };

/**
 * Changes a key where it was last known to be; only where Datadog refuses is it looked for.
 * A refusal is never taken for "gone" before the lists have made sure of it.
 */
export async function changeKey<T>(
  organisation: Organisation,
  stored: StoredKey,
  change: Change<T>,
): Promise<Changed<T>> {
  // v1 does not show what it cannot change: there the key is looked for in v2.
  const find = change.v1 || uuidOf(stored) !== undefined ? locate : locateMoved;
  const look = async (since?: number) => wayTo(await find(organisation, stored, since));
  const way = lastKnown(organisation, stored, change) ?? (await look());
  if (!way) return undefined;
  const askedAt = organisation.clock.now();
  try {
    return await make(change, way);
  } catch (error) {
    if (!isRefusal(error)) throw error;
    const hidden = error instanceof NotFoundError;
    const next = await look(askedAt).catch((second: unknown) => {
      // What v1 refuses may be v1 itself: then what v2 says is the answer.
      throw hidden || "key" in way ? second : error;
    });
    // It is there, and what is refused is the change: that is about permission.
    if (!hidden && isDeepStrictEqual(next, way)) throw error;
    return changeShown(organisation.clock, next, (place) => make(change, place), look);
  }
}

function lastKnown<T>(organisation: Organisation, stored: StoredKey, { v1 }: Change<T>): Way | undefined {
  const uuid = uuidOf(stored);
  if (uuid !== undefined) return { area: ownerOf(stored.state), uuid };
  const { hash } = stored.state;
  return v1 && hash !== undefined && !organisation.v1Refusal ? { key: hash } : undefined;
}

function wayTo(place: Place | undefined): Way | undefined {
  return place?.version === "v2" ? { area: place.area, uuid: place.record.id } : place && { key: place.key };
}

async function make<T>({ v1, v2 }: Change<T>, way: Way): Promise<Changed<T>> {
  if (!("key" in way)) return { result: await v2(way.area, way.uuid), uuid: way.uuid };
  if (!v1) throw new Error("v1 cannot make this change");
  return { result: await v1(way.key), uuid: undefined };
}
