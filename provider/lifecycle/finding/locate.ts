import { NotFoundError, PermissionDeniedError, isRefusal } from "../../datadog/errors";
import { type KeyRecord, isFingerprint, last4Of, shown } from "../../datadog/keys";
import type { Area } from "../../datadog/v2";
import { isAside } from "../model/aside-name";
import { bothRefused, cannotTell, severalKeys } from "../model/errors";
import type { Organisation, Owner } from "./organisation";
import type { KeyState } from "../model/properties";

/** A key as the engine knows it. */
export interface StoredKey {
  readonly id: string;
  readonly state: KeyState;
}

/** Where a key is to be found now: by its secret in v1, or by its UUID in one of v2's areas. */
export type Place =
  { version: "v1"; key: string; record: KeyRecord } | { version: "v2"; area: Area; record: KeyRecord };

export function ownerOf(state: Pick<KeyState, "serviceAccountId">): Owner {
  return state.serviceAccountId === undefined ? "currentUser" : { serviceAccountId: state.serviceAccountId };
}

/** v2's UUID of a key, where it is known. */
export function uuidOf({ id, state }: StoredKey): string | undefined {
  return state.keyId ?? (isFingerprint(id) ? undefined : id);
}

/**
 * Finds a key, or makes sure that it is gone.
 * @param anew by a list of this moment, where v1 has it
 * @returns undefined only where the key is surely gone
 * @throws where Datadog does not let us tell
 */
export async function locate(organisation: Organisation, stored: StoredKey, anew = false): Promise<Place | undefined> {
  const uuid = uuidOf(stored);
  if (uuid !== undefined) return locateByUuid(organisation, stored, uuid);
  let record: KeyRecord | undefined;
  const served = await organisation.servesV1(async () => {
    record = await (anew ? organisation.v1Keys.findAnew(stored.id) : organisation.v1Keys.find(stored.id));
  });
  if (!served) return locateMoved(organisation, stored);
  if (record?.key !== undefined) return { version: "v1", key: record.key, record };
  if (await ownedByCaller(organisation, stored)) return undefined;
  return locateAnywhere(organisation, stored);
}

async function locateByUuid(organisation: Organisation, stored: StoredKey, uuid: string): Promise<Place | undefined> {
  const owner = ownerOf(stored.state);
  const askForOne = () => organisation.v2.get(owner, uuid);
  // Lists do not name the owner: a key of which nothing is known yet is asked for by itself.
  const alone = stored.state.owner === undefined;
  const own = alone ? askForOne() : organisation.v2KeysOf(owner).look(uuid, askForOne);
  const record = await own.catch(undefinedIfRefused);
  if (record) return { version: "v2", area: owner, record };
  if (!alone) {
    const all = organisation.everybodysKeys.look(uuid, () => Promise.resolve(undefined));
    const listed = await all.catch((error: unknown) => unseen(stored, hiddenOrGone, error));
    if (listed) return { version: "v2", area: "organisation", record: listed };
  }
  // The first, and whatever the list lacks: a list alone does not prove that a key is gone.
  return locateHidden(organisation, stored, uuid);
}

const hiddenOrGone = "it is not among the keys that these credentials may see, and it may be another user's.";

/** The owner's own list does not show other users' keys: before a key counts as gone, the whole organisation is asked. */
export async function locateHidden(
  organisation: Organisation,
  stored: StoredKey,
  uuid: string,
): Promise<Place | undefined> {
  try {
    return { version: "v2", area: "organisation", record: await organisation.v2.get("organisation", uuid) };
  } catch (error) {
    if (error instanceof NotFoundError) return undefined;
    return unseen(stored, hiddenOrGone, error);
  }
}

/** @throws that nobody can tell, where Datadog does not show the whole organisation's keys */
function unseen({ state, id }: StoredKey, why: string, error: unknown): never {
  if (!(error instanceof PermissionDeniedError)) throw error;
  throw cannotTell(state, id, `${why} (${error.message})`, error);
}

/** A key that was made through v1 and is now to be found through v2: by its name and the end of its secret. */
export async function locateMoved(organisation: Organisation, stored: StoredKey): Promise<Place | undefined> {
  let keys: KeyRecord[];
  try {
    keys = await organisation.v2KeysOf("currentUser").filter(() => true);
  } catch (error) {
    if (isRefusal(error) && organisation.v1Refusal) throw bothRefused(organisation.v1Refusal, error);
    throw error;
  }
  const record = pick(organisation, stored, keys);
  if (record) return { version: "v2", area: "currentUser", record };
  if (stored.state.hash !== undefined && (await ownedByCaller(organisation, stored))) return undefined;
  return locateAnywhere(organisation, stored);
}

/** The same among everybody's keys. */
async function locateAnywhere(organisation: Organisation, stored: StoredKey): Promise<Place | undefined> {
  if (stored.state.hash === undefined)
    throw cannotTell(stored.state, stored.id, "v1 does not show it, and without its secret v2 cannot be asked for it.");
  const all = organisation.everybodysKeys.filter(() => true);
  const keys = await all.catch((error: unknown) => unseen(stored, "it is not among the caller's own keys.", error));
  const record = pick(organisation, stored, keys);
  return record && { version: "v2", area: "organisation", record };
}

/**
 * The one key that has the stored key's name and the end of its secret. Four characters alone prove nothing:
 * a large organisation has two keys that share them by chance.
 */
function pick(organisation: Organisation, stored: StoredKey, keys: readonly KeyRecord[]): KeyRecord | undefined {
  const { name, hash } = stored.state;
  if (hash === undefined) return undefined;
  const tail = last4Of(hash);
  const alike = keys.filter((key) => (key.last4 === undefined ? key.name === name : key.last4 === tail));
  // Its successor may have been made already, and needed its name.
  const same = alike.filter((key) => key.name === name || isAside(key, name));
  if (same.length > 1) throw severalKeys(name, organisation.site, same);
  if (same.length === 0 && alike.length > 0) {
    const others = alike.map((key) => `${shown(key.name)} (${key.id})`).join(", ");
    const why = `no key has its name, but ${others} ends with the same four characters: it may have been renamed.`;
    throw cannotTell(stored.state, stored.id, why);
  }
  return same[0];
}

async function ownedByCaller(organisation: Organisation, { state }: StoredKey): Promise<boolean> {
  return state.owner !== undefined && organisation.isCaller(state.owner);
}

/** For a key that Datadog does not show here. */
function undefinedIfRefused(error: unknown): undefined {
  if (!isRefusal(error)) throw error;
}
