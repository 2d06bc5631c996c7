import { ConflictError } from "../../datadog/errors";
import type { KeyRecord } from "../../datadog/keys";
import { roomNotMade } from "../model/errors";
import type { CheckedInputs } from "../model/properties";
import type { Order } from "./create-once";
import type { Making } from "./making";
import { type SteppedAside, makeRoom, renameTo, stepAside } from "./make-room";
import { editShown } from "./edit-shown";
import { stepOwnAside } from "./step-own-aside";

/**
 * Makes a name free that Datadog has refused, where this run has decided that it is to be: the engine makes a successor
 * before it deletes what was there.
 * @param leftAside what an earlier run of `adopt: "replace"` has left aside, as far as the list shows
 * @returns the keys that stepped aside; empty where nothing of this run has the name
 * @throws LifecycleError where the key that has it cannot be renamed
 */
export async function roomFor(
  making: Making,
  order: Order,
  inputs: CheckedInputs,
  conflict: ConflictError,
  leftAside: readonly KeyRecord[],
): Promise<SteppedAside[]> {
  try {
    const room = await makeRoom(making, inputs.name, inputs);
    if (room.length > 0) return room;
    const misnamed = await roomOfMisnamed(making, inputs);
    if (misnamed.length > 0) return misnamed;
    const ordered = await roomOnOrder(making, order, inputs);
    return ordered.length > 0 ? ordered : await roomOfSteppedBack(order, inputs, leftAside);
  } catch (error) {
    throw roomNotMade(inputs.name, order.organisation.site, conflict, error);
  }
}

/**
 * The key that is to be replaced has the name although the state says another: reads were late, and a refresh was told the
 * name that it had before. Only a write tells: nobody but the key that has the name can be given it.
 */
async function roomOfMisnamed({ organisation, creation }: Making, { name }: CheckedInputs): Promise<SteppedAside[]> {
  const { replaces } = creation;
  if (!replaces || replaces.state.name === name) return [];
  const renamed = await renameTo(organisation, replaces, () => name).catch(undefinedIfTaken);
  if (!renamed) return [];
  return [await stepAside(organisation, { ...replaces, state: { ...replaces.state, name } })];
}

/** The one key of that name, whoever owns it: the user has ordered it to be replaced. */
async function roomOnOrder(
  { organisation, plan, creation, keys }: Making,
  order: Order,
  inputs: CheckedInputs,
): Promise<SteppedAside[]> {
  const { name, site } = inputs;
  if (creation.replacesOnOrder?.name !== name) return [];
  const isIt = (key: KeyRecord) => key.name === name && !plan.keeps(key);
  const [own, ...others] = await organisation.ownKeys(order.api.version, await keys.filter(isIt));
  if (own) return others.length > 0 ? [] : stepOwnAside(order, own, inputs);
  const [somebodys, ...more] = await organisation.everybodysKeys.filter(isIt);
  if (!somebodys || more.length > 0) return [];
  return [await stepAside(organisation, { id: somebodys.id, state: { name, site, apiVersion: "v2" } })];
}

/**
 * A key that an earlier run had step aside, and gave its name back when it failed: reads are late, and the list shows it
 * aside as yet. Again only a write tells.
 */
async function roomOfSteppedBack(
  order: Order,
  inputs: CheckedInputs,
  leftAside: readonly KeyRecord[],
): Promise<SteppedAside[]> {
  const { name } = inputs;
  for (const key of leftAside) {
    const back = await editShown(order, key, { name }).catch(undefinedIfTaken);
    if (back) return stepOwnAside(order, back, inputs);
  }
  return [];
}

function undefinedIfTaken(error: unknown): undefined {
  if (!(error instanceof ConflictError)) throw error;
}
