import { type KeyRecord, last4Of, shown } from "../../datadog/keys";
import { cannotTell, severalKeys } from "../model/errors";
import { type StoredKey, mayBeNamed } from "../model/stored-key";
import type { Organisation } from "./organisation";

/** How far the clocks of Datadog and of the machine that made a key may differ. */
const clockSkewMs = 10 * 60_000;

/**
 * Of the keys that v2 shows, the one that v1 made: the one with its name and the end of its secret. Four characters alone
 * prove nothing: a large organisation has keys that share them by chance.
 * @throws LifecycleError where several may be it
 */
export function pickMoved(
  organisation: Organisation,
  stored: StoredKey,
  keys: readonly KeyRecord[],
): KeyRecord | undefined {
  const { name, hash } = stored.state;
  if (hash === undefined) return undefined;
  const tail = last4Of(hash);
  const alike = keys.filter(
    (key) =>
      (key.last4 === undefined ? key.name === name : key.last4 === tail) &&
      !organisation.isOfAnother(key, stored) &&
      mayBeAsOld(key, stored),
  );
  const same = alike.filter((key) => mayBeNamed(stored, key));
  if (same.length > 1) throw severalKeys(name, organisation.site, same);
  if (same.length === 0 && alike.length > 0) {
    const others = alike.map((key) => `${shown(key.name)} (${key.id})`).join(", ");
    const why = `no key has its name, but ${others} ends with the same four characters: it may have been renamed.`;
    throw cannotTell(stored.state, stored.id, why);
  }
  return same[0];
}

/** False for a key that was surely made at another time. */
function mayBeAsOld(key: KeyRecord, { state }: StoredKey): boolean {
  const apart = Math.abs(Date.parse(key.createdAt ?? "") - Date.parse(state.createdAt ?? ""));
  return Number.isNaN(apart) || apart <= clockSkewMs;
}
