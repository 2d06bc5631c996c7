import { type KeyRecord, shown } from "../../datadog/keys";
import { cannotTell, severalKeys } from "../model/errors";
import { type StoredKey, mayBeNamed, tailOf } from "../model/stored-key";

/**
 * How far the clocks of Datadog and of the machine that created a key may differ, when age decides between candidates.
 */
const clockSkewMs = 10 * 60_000;

/**
 * Finds the key that v1 created among v2's keys, by its name and the last four characters of the secret. Four
 * characters alone prove nothing, because in a large organisation several keys share them by chance.
 * @param isOther whether a key certainly belongs to another entry of the state
 * @returns undefined if no key matches
 * @throws LifecycleError if several keys match
 */
export function matchV1Key(
  stored: StoredKey,
  keys: readonly KeyRecord[],
  isOther: (key: KeyRecord) => boolean,
): KeyRecord | undefined {
  const { name, site } = stored.state;
  const tail = tailOf(stored);
  const mayBe = keys.filter((key) => !isOther(key));
  // A name that this provider gave the key contains the key's own id.
  const proven = mayBe.find((key) => key.name !== name && key.name.endsWith(` ${stored.id})`));
  if (proven) return proven;
  if (tail === undefined) return undefined;
  const alike = mayBe.filter((key) => (key.last4 === undefined ? key.name === name : key.last4 === tail));
  const same = alike.filter((key) => mayBeNamed(stored, key));
  if (same.length > 1) {
    const [asOld, ...others] = same.filter((key) => isAsOld(key, stored));
    if (asOld && others.length === 0) return asOld;
    throw cannotTell(stored.state, stored.id, severalKeys(name, site, same).message);
  }
  if (same.length === 0 && alike.length > 0) {
    const others = alike.map((key) => `${shown(key.name)} (${key.id})`).join(", ");
    const why = `No key has its name, but ${others} ends with the same four characters, so it may have been renamed.`;
    throw cannotTell(stored.state, stored.id, why);
  }
  return same[0];
}

function isAsOld(key: KeyRecord, { state }: StoredKey): boolean {
  const apart = Math.abs(Date.parse(key.createdAt ?? "") - Date.parse(state.createdAt ?? ""));
  return apart <= clockSkewMs;
}
