import { InterruptedError } from "../../datadog/clock";
import { type KeyRecord, last4Of, quoted } from "../../datadog/keys";
import { inTheWayMs, looksForRoomMs } from "../../datadog/patience";
import { claimedTwice, keyExists, severalKeys } from "../model/errors";
import { type CheckedInputs, secretToAdopt } from "../model/properties";
import type { Making } from "./making";

/**
 * The owner's keys of a name that are there and stay: at most one, and `adopt` says what to do with it.
 * One that was revoked some seconds ago may still show, and a moment later it may be known that one is to be renamed or
 * replaced: a key in the way is looked at again before it fails the create.
 */
export async function keysInTheWay(making: Making, inputs: CheckedInputs): Promise<readonly KeyRecord[]> {
  const { name, adopt = false } = inputs;
  const { organisation } = making;
  const { clock, site } = organisation;
  let standing = await stayingKeys(making, inputs);
  for (const wait of looksForRoomMs) {
    if (standing.length === 0 || (standing.length === 1 && adopt !== false)) return standing;
    organisation.tellOnce(
      `${quoted(name)} is there already: it is looked at again for ${inTheWayMs / 1000} s, in case it was just revoked`,
    );
    const looked = await stayingKeys(making, inputs, clock.now() + wait).catch((error: unknown) => {
      if (error instanceof InterruptedError) return standing;
      throw error;
    });
    if (looked === standing) break;
    standing = looked;
  }
  if (standing.length > 1) throw severalKeys(name, site, standing);
  if (standing.length === 1 && adopt === false) throw keyExists(name, site, standing);
  return standing;
}

/** Keys of the name that show only some time after Datadog has refused the name. */
export async function lateKeys(making: Making, inputs: CheckedInputs): Promise<readonly KeyRecord[]> {
  const { clock, site } = making.organisation;
  const { name, adopt = false } = inputs;
  for (const wait of looksForRoomMs) {
    const standing = await stayingKeys(making, inputs, clock.now() + wait).catch((error: unknown) => {
      if (error instanceof InterruptedError) return undefined;
      throw error;
    });
    if (!standing) return [];
    if (standing.length > 0 && adopt === false) throw keyExists(name, site, standing);
    if (standing.length > 0) return standing;
  }
  return [];
}

/** The owner's keys of the name that this run neither replaces nor renames; if a secret is given, those it may belong to. */
async function stayingKeys(
  { organisation, plan, creation, api, keys }: Making,
  inputs: CheckedInputs,
  since?: number,
): Promise<readonly KeyRecord[]> {
  const { name } = inputs;
  const secret = secretToAdopt(inputs);
  const isNamed = (key: KeyRecord) => key.name === name && (secret === undefined || key.last4 === last4Of(secret));
  const shown = await (since === undefined ? keys.filter(isNamed) : keys.filterSince(since, isNamed));
  const named = await organisation.ownKeys(api.version, shown);
  const staying = named.filter((key) => !plan.makesRoom(key) && !plan.isPrevious(key));
  if (staying.some((key) => plan.keeps(key))) throw claimedTwice(name, organisation.site);
  // Of a key that the user has ordered to be replaced, only the name is known. Where several keys have it, one of them may be
  // what a killed run has left behind.
  return creation.replacesOnOrder?.name === name && staying.length === 1 ? [] : staying;
}
