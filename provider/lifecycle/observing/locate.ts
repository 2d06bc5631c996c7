import { InterruptedError } from "../../datadog/clock";
import {
  type DatadogError,
  PermissionDeniedError,
  falseIfRefused,
  isRefusal,
  undefinedIfRefused,
} from "../../datadog/errors";
import type { KeyRecord } from "../../datadog/keys";
import type { Area, Owner } from "../../datadog/v2";
import { bothRefused, cannotTell } from "../model/errors";
import { type StoredKey, idsOf, isSameKey, ownerOf, tailOf, uuidOf } from "../model/stored-key";
import { oldEnoughAt } from "./age";
import type { Command } from "./command";
import type { KeyList } from "./key-list";
import type { Organisation } from "./organisation";
import { matchV1Key } from "./match-v1-key";

/** The address where a key can be read and changed: its secret in v1, or its UUID in one of v2's areas. */
export type Address = { readonly key: string } | { readonly area: Area; readonly uuid: string };

/** A key with its address. */
export interface Located {
  readonly address: Address;
  readonly record: KeyRecord;
}

interface Search {
  readonly command: Pick<Command, "ledger">;
  readonly organisation: Organisation;
  readonly stored: StoredKey;
  /** The earliest time of the look. Without it, earlier looks of this process count. */
  readonly since: number | undefined;
}

/**
 * Finds a key, or proves that it is gone. The proof needs the right organisation, a caller who may list the key, and
 * two looks that miss it some seconds apart. A single 404 proves nothing.
 * @returns undefined only if the key is certainly gone
 * @throws LifecycleError if Datadog does not let us find out
 */
export async function locate(
  command: Pick<Command, "ledger">,
  organisation: Organisation,
  stored: StoredKey,
  since?: number,
): Promise<Located | undefined> {
  const search = { command, organisation, stored, since };
  await organisation.requireHome(stored.state);
  try {
    return await inProvenHome(search, uuidOf(stored) === undefined ? locateThroughV1(search) : locateThroughV2(search));
  } catch (error) {
    if (!(error instanceof InterruptedError)) throw error;
    const why = "Datadog's reads may be late, and the wait for them was interrupted.";
    throw cannotTell(stored.state, stored.id, why, error);
  }
}

/**
 * Makes sure that a key of the state lives in the organisation of these credentials. If the state does not name the
 * organisation (0.2.0 and before), Datadog must show the key.
 */
export async function proveHome(
  command: Pick<Command, "ledger">,
  organisation: Organisation,
  stored: StoredKey,
): Promise<void> {
  await organisation.requireHome(stored.state);
  if (stored.state.orgId === undefined) await locate(command, organisation, stored);
}

/** A key whose organisation nobody knows can be gone only if it was shown to these credentials before. */
async function inProvenHome(
  { organisation, stored }: Search,
  locating: Promise<Located | undefined>,
): Promise<Located | undefined> {
  const located = await locating;
  const { state, id, isListed } = stored;
  if (state.orgId !== undefined || state.name === "" || isListed) return located;
  const ids = idsOf(stored);
  if (located) ids.forEach((one) => organisation.shown.add(one));
  else if (!ids.some((one) => organisation.shown.has(one))) {
    const { orgId = "" } = (await organisation.currentUser().catch(undefinedIfRefused)) ?? {};
    const why = `The state does not name its organisation, and the organisation of the credentials (${orgId}) does not show it.`;
    throw cannotTell(state, id, why);
  }
  return located;
}

async function locateThroughV1(search: Search): Promise<Located | undefined> {
  const { organisation, stored, since } = search;
  const { v1Keys } = organisation;
  let record: KeyRecord | undefined;
  const served = await organisation.servesV1(async () => {
    record = await (since === undefined ? v1Keys.findInBaseline(stored.id) : v1Keys.findSince(since, stored.id));
  });
  if (!served) return locateV1KeyInV2(search);
  record ??= await findLate(search, v1Keys, stored.id);
  if (record?.key !== undefined) return { address: { key: record.key }, record };
  if (await organisation.callerOwns(stored.state)) return undefined;
  if (tailOf(stored) === undefined && (await isNobodys(search))) return undefined;
  return locateAmongEverybodys(search);
}

/**
 * Whether a key that v1's list misses is gone, if its secret is unknown (replaced keys of 0.1.0, and keys of `get`). v1 lists
 * all users' keys if the caller may see them. v2 says whether the caller may, and shows no key of its name.
 */
async function isNobodys({ organisation, stored }: Search): Promise<boolean> {
  const { everybodysKeys, clock } = organisation;
  const { name, createdAt } = stored.state;
  const shown = everybodysKeys.filterMissed(oldEnoughAt(createdAt, clock), (key) => key.name === name);
  return shown.then((keys) => keys.length === 0, falseIfRefused);
}

async function locateThroughV2(search: Search): Promise<Located | undefined> {
  const { stored } = search;
  let refusal: DatadogError | undefined;
  const byOwner = await locateByOwner(search).catch((error: unknown) => {
    if (!isRefusal(error)) throw error;
    refusal = error;
    return undefined;
  });
  if (byOwner) return byOwner.located;
  try {
    return (await locateIn(search, "organisation")) ?? (await locateLate(search, "organisation"));
  } catch (error) {
    if (!(error instanceof PermissionDeniedError)) throw error;
    const why =
      stored.state.serviceAccountId === undefined
        ? "It is not among the keys that these credentials may see, and it may be another user's"
        : "Its service account is gone, or not shown to these credentials";
    // If two permissions are missing, the owner's own path needs the lesser one.
    const { brief } = refusal instanceof PermissionDeniedError ? refusal : error;
    throw cannotTell(stored.state, stored.id, `${why}: ${brief}`, error);
  }
}

/**
 * Asks the owner's endpoint. Datadog never moves a key to another user, so a key that its owner's list misses is gone.
 * @returns undefined if the caller may not be the owner
 * @throws a refusal if the endpoint is not served, for instance because the service account is gone or the caller may
 * not manage it
 */
async function locateByOwner(search: Search): Promise<{ readonly located: Located | undefined } | undefined> {
  const { organisation, stored } = search;
  const owner = ownerOf(stored.state);
  const located = await locateIn(search, owner);
  if (located) return { located };
  if (owner === "currentUser" && !(await organisation.callerOwns(stored.state))) return undefined;
  return { located: await locateLate(search, owner) };
}

async function locateIn({ organisation, stored, since }: Search, area: Area): Promise<Located | undefined> {
  const uuid = uuidOf(stored) ?? stored.id;
  const keys = listIn(organisation, area);
  const readOne = () => organisation.v2.get(area, uuid).catch(undefinedIfRefused);
  const look = () => {
    if (since !== undefined) return keys.findSince(since, uuid);
    // Lists do not name the owner, so a key without known details is read on its own.
    return stored.state.owner === undefined ? readOne() : keys.lookUp(uuid, readOne);
  };
  const record = await look();
  return record && at(area, record);
}

async function locateLate(search: Search, area: Area): Promise<Located | undefined> {
  const record = await findLate(search, listIn(search.organisation, area), uuidOf(search.stored) ?? search.stored.id);
  return record && at(area, record);
}

function at(area: Area, record: KeyRecord): Located {
  return { address: { area, uuid: record.id }, record };
}

function listIn(organisation: Organisation, area: Area): KeyList {
  return area === "organisation" ? organisation.everybodysKeys : organisation.v2KeysOf(area);
}

/** Looks again for a key that one look has missed. */
async function findLate({ organisation, stored }: Search, keys: KeyList, id: string): Promise<KeyRecord | undefined> {
  return keys.findMissed(id, oldEnoughAt(stored.state.createdAt, organisation.clock));
}

/** Finds a v1 key through v2, by its name and the end of its secret. */
async function locateV1KeyInV2(search: Search): Promise<Located | undefined> {
  const { organisation, stored } = search;
  const owner: Owner = "currentUser";
  const record = await findV1KeyInV2(search, organisation.v2KeysOf(owner)).catch((error: unknown) => {
    if (isRefusal(error) && organisation.v1Refusal) throw bothRefused(organisation.v1Refusal, error);
    throw error;
  });
  if (record) return at(owner, record);
  if (tailOf(stored) !== undefined && (await organisation.callerOwns(stored.state))) return undefined;
  return locateAmongEverybodys(search);
}

/** Finds a key through v2 without knowing its UUID, because v2 can change things that v1 cannot, such as scopes. */
export async function locateInV2(
  command: Pick<Command, "ledger">,
  organisation: Organisation,
  stored: StoredKey,
  since?: number,
): Promise<Located | undefined> {
  await organisation.requireHome(stored.state);
  const search = { command, organisation, stored, since };
  return inProvenHome(search, locateV1KeyInV2(search));
}

async function locateAmongEverybodys(search: Search): Promise<Located | undefined> {
  const { organisation, stored } = search;
  const record = await findV1KeyInV2(search, organisation.everybodysKeys).catch((error: unknown) => {
    if (!(error instanceof PermissionDeniedError)) throw error;
    throw cannotTell(stored.state, stored.id, `It is not among the caller's own keys: ${error.brief}`, error);
  });
  if (!record && tailOf(stored) === undefined)
    throw cannotTell(stored.state, stored.id, "v1 does not show it, and v2 finds it only by the end of its secret.");
  return record && at("organisation", record);
}

async function findV1KeyInV2(search: Search, keys: KeyList): Promise<KeyRecord | undefined> {
  const { command, organisation, stored, since } = search;
  const isOther = (key: KeyRecord) => {
    const tracked = command.ledger.keyById(key.id);
    return tracked?.state.hash !== undefined && !isSameKey(tracked, stored);
  };
  const pick = (among: readonly KeyRecord[]) => matchV1Key(stored, among, isOther);
  const all = () => true;
  const found = pick(await (since === undefined ? keys.filterBaseline(all) : keys.filterSince(since, all)));
  return found ?? pick(await keys.filterMissed(oldEnoughAt(stored.state.createdAt, organisation.clock), all));
}
