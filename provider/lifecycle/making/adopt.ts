import { isRefusal } from "../../datadog/errors";
import { type KeyRecord, last4Of } from "../../datadog/keys";
import { defined } from "../../defined";
import type { Organisation } from "../finding/organisation";
import { messageOf, scopesNotChanged, scopesUnknown, secretLost, secretOfNoKey } from "../model/errors";
import { type KeyState, sameScopes } from "../model/properties";
import type { StoredKey } from "../model/stored-key";
import { editKey } from "../operations/edit-key";
import type { Order } from "./create-once";

/**
 * Takes over a key with its secret.
 * @param given the secret that the program has, for where Datadog does not show it
 */
export async function takeOver({ organisation, api, keys }: Order, key: KeyRecord, given?: string): Promise<KeyRecord> {
  const shown = await api.reveal(key);
  const revealed = { ...shown, ...defined({ key: shown.key ?? given }) };
  if (revealed.key === undefined) throw secretLost(key, organisation.site);
  // Four characters alone are alike by chance in one of a few million.
  if (given !== undefined && revealed.key !== given) throw secretOfNoKey(key.name, organisation.site);
  const whole = api.version === "v1" ? { ...revealed, ...(await scopesOfV1Key(organisation, revealed)) } : revealed;
  organisation.adopt(whole);
  await keys.put(whole);
  return whole;
}

/**
 * v1 does not tell a key's scopes, and one that was made by hand may have some.
 * @throws LifecycleError where v2 does not let us look
 */
async function scopesOfV1Key(
  organisation: Organisation,
  { name, key = "" }: KeyRecord,
): Promise<Pick<KeyRecord, "scopes" | "keyId">> {
  const own = organisation.v2KeysOf("currentUser");
  const isIt = (other: KeyRecord) => other.name === name && other.last4 === last4Of(key);
  const [found] = await own.filter(isIt).catch((error: unknown) => {
    if (isRefusal(error)) throw scopesUnknown(name, organisation.site, error);
    throw error;
  });
  // Without scopes, v1 is all that the key needs.
  return found?.scopes?.length ? { scopes: found.scopes, keyId: found.id } : {};
}

/**
 * Gives an adopted key the scopes that the program asks for.
 * @throws PartialError where they cannot be changed: the key is taken over all the same
 */
export async function matchScopes(
  organisation: Organisation,
  stored: StoredKey,
  scopes: readonly string[],
): Promise<KeyState> {
  if (sameScopes(scopes, stored.state.scopes)) return stored.state;
  try {
    return await editKey(organisation, stored, { scopes });
  } catch (error) {
    throw scopesNotChanged(stored, messageOf(error));
  }
}
