import { InterruptedError } from "../../datadog/clock";
import { PermissionDeniedError, falseIfRefused, isRefusal, undefinedIfRefused } from "../../datadog/errors";
import type { KeyRecord } from "../../datadog/keys";
import type { Area, Owner } from "../../datadog/v2";
import { bothRefused, cannotTell } from "../model/errors";
import { type StoredKey, ownerOf, uuidOf } from "../model/stored-key";
import { grownUpAt } from "./age";
import type { KeyList } from "./key-list";
import type { Organisation } from "./organisation";
import { pickMoved } from "./pick-moved";

/** Where a key is to be found now: by its secret in v1, or by its UUID in one of v2's areas. */
export type Place =
  { version: "v1"; key: string; record: KeyRecord } | { version: "v2"; area: Area; record: KeyRecord };

/**
 * Finds a key, or makes sure that it is gone: two looks miss it in a list that would have to show it. A single 404 proves
 * nothing.
 * @param since looks are no older than that; @default those that this process has taken serve
 * @returns undefined only where the key is surely gone
 * @throws where Datadog does not let us tell
 */
export async function locate(
  organisation: Organisation,
  stored: StoredKey,
  since?: number,
): Promise<Place | undefined> {
  try {
    const uuid = uuidOf(stored);
    return await (uuid === undefined
      ? locateV1(organisation, stored, since)
      : locateV2(organisation, stored, uuid, since));
  } catch (error) {
    if (!(error instanceof InterruptedError)) throw error;
    throw cannotTell(
      stored.state,
      stored.id,
      "Datadog's reads may be late, and the wait for them was interrupted.",
      error,
    );
  }
}

async function locateV1(organisation: Organisation, stored: StoredKey, since?: number): Promise<Place | undefined> {
  const { id } = stored;
  const { v1Keys } = organisation;
  let record: KeyRecord | undefined;
  const served = await organisation.servesV1(async () => {
    record = await (since === undefined ? v1Keys.find(id) : v1Keys.findSince(since, id));
  });
  if (!served) return locateMoved(organisation, stored, since);
  record ??= await findLate(organisation, v1Keys, stored, id);
  if (record?.key !== undefined) return { version: "v1", key: record.key, record };
  if (await ownedByCaller(organisation, stored)) return undefined;
  if (stored.state.hash === undefined && (await isNobodys(organisation, stored))) return undefined;
  return locateAnywhere(organisation, stored, since);
}

/**
 * Whether a key that v1's list misses is nobody's, though nothing is known of its secret: v1 lists everybody's keys for who
 * may see them, and v2, which says whether that is so, shows none of its name.
 */
async function isNobodys(organisation: Organisation, stored: StoredKey): Promise<boolean> {
  const { everybodysKeys, clock } = organisation;
  const { name, createdAt } = stored.state;
  const shown = everybodysKeys.filterMissed(grownUpAt(createdAt, clock), (key) => key.name === name);
  return shown.then((keys) => keys.length === 0, falseIfRefused);
}

async function locateV2(
  organisation: Organisation,
  stored: StoredKey,
  uuid: string,
  since?: number,
): Promise<Place | undefined> {
  let refusal: unknown;
  const byOwner = await locateByOwner(organisation, stored, uuid, since).catch((error: unknown) => {
    if (!isRefusal(error)) throw error;
    refusal = error;
    return undefined;
  });
  if (byOwner) return byOwner.place;
  try {
    const anybodys = await locateIn(organisation, "organisation", stored, uuid, since);
    if (anybodys) return anybodys;
    const late = await findLate(organisation, organisation.everybodysKeys, stored, uuid);
    return late && { version: "v2", area: "organisation", record: late };
  } catch (error) {
    // Of two permissions that are missing, the owner's own path needs the lesser one.
    if (error instanceof PermissionDeniedError && refusal instanceof PermissionDeniedError)
      return unseen(stored, "its owner's keys are not shown to these credentials.", refusal);
    return unseen(
      stored,
      "it is not among the keys that these credentials may see, and it may be another user's.",
      error,
    );
  }
}

/**
 * Asks the path of a key's owner: Datadog never moves a key to another user, so where their list misses it, it is not there.
 * @returns undefined where the caller may not be the owner
 * @throws a refusal where the path is not served, as of a service account that is gone or is not the caller's to act for
 */
async function locateByOwner(
  organisation: Organisation,
  stored: StoredKey,
  uuid: string,
  since?: number,
): Promise<{ readonly place: Place | undefined } | undefined> {
  const owner = ownerOf(stored.state);
  const place = await locateIn(organisation, owner, stored, uuid, since);
  if (place) return { place };
  if (owner === "currentUser" && !(await ownedByCaller(organisation, stored))) return undefined;
  const late = await findLate(organisation, organisation.v2KeysOf(owner), stored, uuid);
  return { place: late && { version: "v2", area: owner, record: late } };
}

async function locateIn(
  organisation: Organisation,
  area: Area,
  { state }: StoredKey,
  uuid: string,
  since?: number,
): Promise<Place | undefined> {
  const keys = area === "organisation" ? organisation.everybodysKeys : organisation.v2KeysOf(area);
  const askForOne = () => organisation.v2.get(area, uuid).catch(undefinedIfRefused);
  const look = () => {
    if (since !== undefined) return keys.findSince(since, uuid);
    // Lists do not name the owner: a key of which nothing is known yet is asked for by itself.
    return state.owner === undefined ? askForOne() : keys.lookUp(uuid, askForOne);
  };
  const record = await look();
  return record && { version: "v2", area, record };
}

/** A key that one look has missed. */
async function findLate(
  organisation: Organisation,
  keys: KeyList,
  stored: StoredKey,
  id: string,
): Promise<KeyRecord | undefined> {
  const notBefore = grownUpAt(stored.state.createdAt, organisation.clock);
  return keys.findMissed(id, notBefore);
}

/** @throws that nobody can tell, where Datadog does not show the whole organisation's keys */
function unseen({ state, id }: StoredKey, why: string, error: unknown): never {
  if (!(error instanceof PermissionDeniedError)) throw error;
  throw cannotTell(state, id, `${why} (${error.message})`, error);
}

/** A key that was made through v1 and is now to be found through v2: by its name and the end of its secret. */
export async function locateMoved(
  organisation: Organisation,
  stored: StoredKey,
  since?: number,
): Promise<Place | undefined> {
  const owner: Owner = "currentUser";
  const record = await findMoved(organisation, organisation.v2KeysOf(owner), stored, since).catch((error: unknown) => {
    if (isRefusal(error) && organisation.v1Refusal) throw bothRefused(organisation.v1Refusal, error);
    throw error;
  });
  if (record) return { version: "v2", area: owner, record };
  if (stored.state.hash !== undefined && (await ownedByCaller(organisation, stored))) return undefined;
  return locateAnywhere(organisation, stored, since);
}

/** The same among everybody's keys. */
async function locateAnywhere(
  organisation: Organisation,
  stored: StoredKey,
  since?: number,
): Promise<Place | undefined> {
  if (stored.state.hash === undefined)
    throw cannotTell(stored.state, stored.id, "v1 does not show it, and without its secret v2 cannot be asked for it.");
  const found = findMoved(organisation, organisation.everybodysKeys, stored, since);
  const record = await found.catch((error: unknown) => unseen(stored, "it is not among the caller's own keys.", error));
  return record && { version: "v2", area: "organisation", record };
}

async function findMoved(
  organisation: Organisation,
  keys: KeyList,
  stored: StoredKey,
  since?: number,
): Promise<KeyRecord | undefined> {
  const pick = (among: readonly KeyRecord[]) => pickMoved(organisation, stored, among);
  const all = () => true;
  const found = pick(await (since === undefined ? keys.filter(all) : keys.filterSince(since, all)));
  return found ?? pick(await keys.filterMissed(grownUpAt(stored.state.createdAt, organisation.clock), all));
}

async function ownedByCaller(organisation: Organisation, { state }: StoredKey): Promise<boolean> {
  return state.owner !== undefined && organisation.isCaller(state.owner);
}
