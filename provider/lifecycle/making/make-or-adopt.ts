import { ConflictError, DatadogError, mayHaveHappened } from "../../datadog/errors";
import type { KeyRecord } from "../../datadog/keys";
import type { Organisation } from "../finding/organisation";
import { isAside } from "../model/aside-name";
import { previousUnknown, secondMayExist, secretOfNoKey } from "../model/errors";
import { type CheckedInputs, type KeyState, scopeSet, secretToAdopt } from "../model/properties";
import { stateOf } from "../model/state";
import { idsOfRecord, ownerOf } from "../model/stored-key";
import { matchScopes, takeOver } from "./adopt";
import { type Made, type Order, createOnce } from "./create-once";
import { keysInTheWay, lateKeys } from "./in-the-way";
import { type LeftAlive, leaveAlive } from "./leave-alive";
import type { Making } from "./making";
import { type SteppedAside, stepBack } from "./make-room";
import { takenBySomebody } from "./name-holder";
import { roomFor } from "./room-for-successor";
import { revokeSuperseded } from "./revoke-superseded";
import { stepOwnAside } from "./step-own-aside";
import { stillNamed } from "./still-named";

interface MadeKey {
  readonly id: string;
  readonly outs: KeyState;
}

/** Makes a key through one version of the API, or takes over the one that is in the way, as the program says. */
export async function makeOrAdopt(making: Making, asked: CheckedInputs): Promise<MadeKey> {
  const { replaces, replacesOnOrder } = making.creation;
  // A secret that the program gives is that of the key before; its successor gets one of its own.
  const inputs =
    secretToAdopt(asked) !== undefined && (replaces ?? replacesOnOrder) ? { ...asked, adopt: false } : asked;
  const inTheWay = await keysInTheWay(making, inputs);
  // One that is to be taken over by its secret is surely there, and may only not show yet.
  const awaited = secretToAdopt(inputs) !== undefined && inTheWay.length === 0;
  const existing = await stillNamed(making, awaited ? await lateKeys(making, inputs) : inTheWay);
  try {
    return await makeBeside(making, inputs, existing);
  } catch (error) {
    if (!(error instanceof ConflictError) || existing.length > 0) throw error;
    // Nothing of ours seemed to have the name. A key that has got it some seconds ago may not have shown yet.
    const late = await lateKeys(making, inputs);
    if (late.length === 0) throw await takenBySomebody(making.organisation, inputs.name, error);
    return makeBeside(making, inputs, await stillNamed(making, late));
  }
}

async function makeBeside(making: Making, inputs: CheckedInputs, inTheWay: readonly KeyRecord[]): Promise<MadeKey> {
  const { organisation, plan, creation, api, keys } = making;
  const { name, adopt = false } = inputs;
  // One that a resource of the state has is the engine's to revoke, once its dependents have the new one.
  const isOfTheState = (key: KeyRecord) => plan.makesRoom(key) || idsOfRecord(key).some((id) => plan.knows(id));
  const order: Order = {
    organisation,
    api,
    keys,
    name,
    scopes: scopeSet(inputs.scopes),
    isTaken: creation.replacesOnOrder?.name === name || plan.leaving(name, inputs).length > 0,
    isOfTheState,
  };
  if (inputs.keepPrevious && creation.replacesOnOrder) organisation.tellOnce(previousUnknown(name));
  // v1's answers name the owner; v2's give an id. Asked before the key is made: a failure then leaves nothing behind.
  const ownerName = api.version === "v2" ? await organisation.nameOfOwner(ownerOf(inputs)) : undefined;
  const stored = (record: KeyRecord, kept: LeftAlive | undefined) => ({
    id: record.id,
    state: { ...stateOf(record, api.version, ownerName, inputs), ...kept?.known },
  });

  const [taken] = inTheWay;
  const secret = secretToAdopt(inputs);
  if (taken && (adopt === true || secret !== undefined)) {
    const whole = await takeOver(order, taken, secret);
    const { id, state } = stored(whole, await leaveAlive(making, inputs));
    return { id, outs: await matchScopes(organisation, { id, state }, order.scopes) };
  }
  if (secret !== undefined) throw secretOfNoKey(name, organisation.site);
  const existing = adopt === "replace" ? inTheWay : [];
  const isLeftAside = (key: KeyRecord) => isAside(key, name) && !isOfTheState(key);
  const leftAside = adopt === "replace" ? await organisation.ownKeys(api.version, await keys.filter(isLeftAside)) : [];
  const { record, mayHaveTwin, superseded, kept } = await makeInPlaceOf(making, order, inputs, existing, leftAside);
  const { id, state } = stored({ ...record, createdAt: record.createdAt ?? now(organisation) }, kept);
  const old = [...superseded, ...leftAside.map((key) => key.id)];
  const made = { id, state: old.length === 0 ? state : { ...state, superseded: old } };
  if (mayHaveTwin !== undefined) throw secondMayExist(made, mayHaveTwin);
  return { id, outs: await revokeSuperseded(organisation, made) };
}

/** v1 does not tell when a key was made. */
function now({ clock }: Organisation): string {
  return new Date(clock.date()).toISOString();
}

/**
 * Makes a key under a name that other keys may have. Those that `adopt: "replace"` replaces step aside first: this tells a
 * run that was killed from one that never began. So does a key that is to stay valid. Any other key steps aside only where
 * Datadog refuses the name.
 */
async function makeInPlaceOf(
  making: Making,
  order: Order,
  inputs: CheckedInputs,
  existing: readonly KeyRecord[],
  leftAside: readonly KeyRecord[],
): Promise<Made & { readonly superseded: readonly string[]; readonly kept: LeftAlive | undefined }> {
  const { organisation } = making;
  const aside: SteppedAside[] = [];
  for (const key of existing) aside.push(...(await stepOwnAside(order, key, inputs)));
  const superseded = aside.map(({ stored }) => stored.id);
  const kept = await leaveAlive(making, inputs);
  aside.push(...(kept?.aside ?? []));
  // When a refusal arrives, the room may be there already: another resource needed it too.
  const isGivenUp = making.plan.leaving(inputs.name, inputs).length > 0;
  try {
    const made = await createOnce(order).catch(async (error: unknown) => {
      if (!(error instanceof ConflictError)) throw error;
      const room = await roomFor(making, order, inputs, error, leftAside);
      if (room.length === 0 && existing.length === 0 && !isGivenUp) throw error;
      aside.push(...room);
      // One that stepped aside may have its name back: by a write of an earlier run that was carried out late.
      for (const key of existing) await stepOwnAside(order, key, inputs);
      return createOnce({ ...order, isTaken: false });
    });
    return { ...made, superseded, kept };
  } catch (error) {
    // Where the successor may be there after all, its name is taken, and the next run goes on from here.
    if (!(error instanceof DatadogError) || mayHaveHappened(error)) throw error;
    throw await stepBack(organisation, aside, error);
  }
}
