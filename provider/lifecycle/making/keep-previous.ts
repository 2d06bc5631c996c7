import { ConflictError, isRefusal } from "../../datadog/errors";
import type { KeyRecord } from "../../datadog/keys";
import { editKey } from "../changing/edit-key";
import { previousUnknown } from "../model/errors";
import { isNamedBy, plainName, previousName } from "../model/names";
import { asPrevious } from "../model/previous";
import type { KeyState } from "../model/properties";
import { sameHome } from "../model/resource";
import { type StoredKey, idsOf } from "../model/stored-key";
import { type MakingThrough, homeOf, ownKey } from "./making";

/**
 * Keeps the key that this create replaces, if the program says so. It stays valid until the next rotation, and its name
 * distinguishes it from its successor and from leftovers.
 * @returns what the state of its successor stores about it
 */
export async function keepPrevious(making: MakingThrough): Promise<Partial<KeyState>> {
  const { command, organisation, entry, inputs, replaced, isOrdered } = making;
  if (!inputs.keepPrevious) return {};
  if (isOrdered) command.tellOnce(previousUnknown(inputs.name), organisation);
  if (replaced) return rename(making, replaced);
  return entry.olds === undefined ? leftByKilledRun(making) : {};
}

async function rename(making: MakingThrough, replaced: StoredKey): Promise<Partial<KeyState>> {
  const { command, entry } = making;
  // A key in another organisation is moved, not rotated. A key that was deleted first is not kept.
  if (!sameHome(replaced.state, homeOf(making)) || command.writes.hasRevoked(idsOf(replaced))) return {};
  const plain = plainName(replaced.state.name, idsOf(replaced));
  try {
    const organisation = await command.organisationOf(replaced.state);
    const edit = (id: string) => ({ name: previousName(plain, id) });
    const state = await entry.lock.hold(() => editKey(command, organisation, replaced, edit));
    return state ? asPrevious({ id: replaced.id, state }) : {};
  } catch (error) {
    if (!isRefusal(error) && !(error instanceof ConflictError)) throw error;
    // Rename it only if its successor needs its name.
    return asPrevious(replaced);
  }
}

/**
 * After a run was killed in the middle of a rotation, the state has the old resource only as one to delete, and the
 * engine does not mention it to the create. Its key has a name from this provider.
 */
async function leftByKilledRun(making: MakingThrough): Promise<Partial<KeyState>> {
  const { command, organisation, api, keys, inputs } = making;
  const isLeft = (key: KeyRecord) => isNamedBy(previousName, inputs.name, key) && !command.ledger.knows(key);
  const [left, ...others] = await organisation.ownKeys(api.version, await keys.filter(isLeft));
  if (!left || others.length > 0) return {};
  return asPrevious(ownKey(making, await api.reveal(left)));
}
