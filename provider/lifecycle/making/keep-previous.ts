import type { KeyRecord } from "../../datadog/keys";
import { namePrevious } from "../changing/name-previous";
import { previousSecretLost, previousUnknown, severalPrevious } from "../model/errors";
import { isNamedBy, plainName, previousName } from "../model/given-names";
import { asPrevious, previousOf } from "../model/replaced-keys";
import type { KeyState } from "../model/state";
import { sameHome } from "../model/resource";
import { type StoredKey, idsOf } from "../model/stored-key";
import { confirmAlive } from "./adopt";
import { type Creation, asStored, homeOf, ownKeys } from "./creation";

/**
 * Keeps the key that this create replaces, if the program says so. It stays valid until the next rotation, and its name
 * distinguishes it from its successor and from leftovers.
 * @param before the adopted key in the state of another resource, whose previous key comes along
 * @returns what the state of its successor stores about it
 */
export async function keepPrevious(creation: Creation, before?: StoredKey): Promise<Partial<KeyState>> {
  const { command, organisation, entry, inputs, replaced, replacesUnknownKey } = creation;
  if (!inputs.keepPrevious) return {};
  if (replacesUnknownKey) command.tellOnce(previousUnknown(inputs.name), organisation);
  if (replaced) return keepReplaced(creation, replaced);
  if (entry.olds !== undefined) return {};
  const previous = before && previousOf(before);
  return previous ? asPrevious(previous) : previousByName(creation);
}

async function keepReplaced(creation: Creation, replaced: StoredKey): Promise<Partial<KeyState>> {
  const { command, entry } = creation;
  // A key in another organisation is moved, not rotated. A key that was deleted first is not kept.
  if (!sameHome(replaced.state, homeOf(creation)) || command.writes.hasRevoked(idsOf(replaced))) return {};
  // finish-key.ts names it after its successor when that exists.
  const plain = plainName(replaced.state.name, idsOf(replaced));
  // If Datadog refuses the rename and the successor needs the name, free-name.ts renames it.
  const previous = await entry.lock.hold(() => namePrevious(command, replaced, plain, false));
  return previous ? asPrevious(previous) : {};
}

/**
 * After a run was killed in the middle of a rotation, the state has the old resource only as one to delete, and the
 * engine does not mention it to the create. Nor does it mention the resource whose key is adopted. The previous key has a
 * name from this provider. If a refresh has read the old resource, its own key is the one.
 */
async function previousByName(creation: Creation): Promise<Partial<KeyState>> {
  const { command, entry, api, inputs } = creation;
  const { ledger } = command;
  const inState = (key: KeyRecord) => {
    const stored = ledger.keyOf(key);
    return stored?.state.__resource === entry.resource ? stored : undefined;
  };
  const isLeft = (key: KeyRecord) => inState(key) !== undefined || !ledger.knows(key);
  const named = await ownKeys(creation, (key) => isNamedBy(previousName, inputs.name, key) && isLeft(key));
  const known = named.map(inState).find((stored) => stored !== undefined);
  if (known) return asPrevious(known);
  const [left, ...others] = named;
  if (left && others.length > 0) throw severalPrevious(inputs.name, inputs.site, named);
  // A list may show a key some seconds after it was revoked.
  if (!left || !(await confirmAlive(creation, left))) return {};
  const revealed = await api.reveal(left);
  if (revealed.key === undefined) command.tellOnce(previousSecretLost(revealed), creation.organisation);
  return asPrevious(asStored(creation, revealed));
}
