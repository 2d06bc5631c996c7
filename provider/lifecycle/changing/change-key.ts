import { isDeepStrictEqual } from "node:util";
import { NotFoundError, isRefusal } from "../../datadog/errors";
import { readLagMs, secondLookMs } from "../../datadog/patience";
import type { Area } from "../../datadog/v2";
import { type StoredKey, ownerOf, uuidOf } from "../model/stored-key";
import type { Command } from "../observing/command";
import { type Address, locate } from "../observing/locate";
import type { Organisation } from "../observing/organisation";

/** A change of a key through each version of the API. */
export interface Change<T> {
  /** Absent if v1 cannot make it. */
  readonly v1?: (key: string) => Promise<T>;
  readonly v2: (area: Area, uuid: string) => Promise<T>;
}

/** The result. `uuid` is set if v2 made the change. */
export interface Changed<T> {
  readonly result: T;
  readonly uuid: string | undefined;
}

/**
 * Changes a key at its address. Only if Datadog refuses is the key looked for: a refusal never counts as "gone" before the
 * lists confirm it.
 * @returns undefined if the key is certainly gone
 */
export async function changeKey<T>(
  command: Command,
  organisation: Organisation,
  stored: StoredKey,
  change: Change<T>,
): Promise<Changed<T> | undefined> {
  await organisation.requireHome(stored.state);
  const address = lastKnownAddress(organisation, stored, change);
  if (!address) return changeWhereFound(command, organisation, stored, change);
  const askedAt = organisation.clock.now();
  try {
    return await makeAt(address, change);
  } catch (error) {
    if (!isRefusal(error)) throw error;
    return changeWhereFound(command, organisation, stored, change, { address, error, askedAt });
  }
}

/** The result of the first try. */
interface Refused {
  readonly address: Address;
  readonly error: Error;
  readonly askedAt: number;
}

/** Finds a key and changes it. Reads may show a revoked key for some seconds, but not forever. */
async function changeWhereFound<T>(
  command: Command,
  organisation: Organisation,
  stored: StoredKey,
  change: Change<T>,
  refused?: Refused,
): Promise<Changed<T> | undefined> {
  const { clock } = organisation;
  const find = (since?: number) => locate(command, organisation, stored, { since, needsV2: !change.v1 });
  let located = await find(refused?.askedAt).catch((second: unknown) => {
    throw refused ? moreTelling(refused, second) : second;
  });
  const isHidden = refused?.error instanceof NotFoundError;
  // The key exists and Datadog refuses the change, so a permission is missing.
  if (refused && !isHidden && isDeepStrictEqual(located?.address, refused.address)) throw refused.error;
  for (const until = clock.now() + readLagMs; located;) {
    try {
      return await makeAt(located.address, change);
    } catch (error) {
      if (!(error instanceof NotFoundError) || clock.now() >= until) throw error;
    }
    located = await find(clock.now() + secondLookMs);
  }
  return undefined;
}

/** v1 may refuse because it is disabled. In that case v2's answer counts. */
function moreTelling({ address, error }: Refused, second: unknown): unknown {
  return error instanceof NotFoundError || "key" in address ? second : error;
}

function lastKnownAddress(organisation: Organisation, stored: StoredKey, change: Change<unknown>): Address | undefined {
  const uuid = uuidOf(stored);
  if (uuid !== undefined) return { area: ownerOf(stored.state), uuid };
  const { hash } = stored.state;
  return change.v1 && hash !== undefined && !organisation.v1Refusal ? { key: hash } : undefined;
}

async function makeAt<T>(address: Address, { v1, v2 }: Change<T>): Promise<Changed<T>> {
  if (!("key" in address)) return { result: await v2(address.area, address.uuid), uuid: address.uuid };
  if (!v1) throw new Error("v1 cannot make this change");
  return { result: await v1(address.key), uuid: undefined };
}
