import { InterruptedError } from "../../datadog/clock";
import {
  type DatadogError,
  PermissionDeniedError,
  falseIfRefused,
  isRefusal,
  undefinedIfRefused,
} from "../../datadog/errors";
import { secretOf } from "../../datadog/key-api";
import type { KeyRecord } from "../../datadog/keys";
import { readLagMs, secondLookMs } from "../../datadog/patience";
import type { Area } from "../../datadog/v2";
import { BothRefusedError, cannotTell } from "../model/errors";
import { type StoredKey, idsOf, isSameKey, ownerOf, tailOf, uuidOf } from "../model/stored-key";
import { oldEnoughAt } from "./age";
import type { Command } from "./command";
import type { KeyList, Listed } from "./key-list";
import type { Organisation } from "./organisation";
import { matchV1Key } from "./match-v1-key";

/** The address where a key can be read and changed: its secret in v1, or its UUID in one of v2's areas. */
export type Address = { readonly key: string } | { readonly area: Area; readonly uuid: string };

/** A key with its address. */
export interface Located {
  readonly address: Address;
  readonly record: KeyRecord;
}

interface LookOptions {
  /** The earliest time of the look. Without it, earlier looks of this process count. */
  readonly since?: number | undefined;
  /** Whether v1 cannot make the change, so that the address must be v2's. */
  readonly needsV2?: boolean;
}

interface Search extends LookOptions {
  readonly command: Pick<Command, "ledger" | "tellOnce">;
  readonly organisation: Organisation;
  readonly stored: StoredKey;
}

/**
 * Finds a key, or proves that it is gone. The proof needs the right organisation, a caller who may list the key, and
 * two looks that miss it some seconds apart. A single 404 proves nothing.
 * @returns undefined only if the key is certainly gone
 * @throws LifecycleError if Datadog does not let us find out
 */
export async function locate(
  command: Pick<Command, "ledger" | "tellOnce">,
  organisation: Organisation,
  stored: StoredKey,
  options: LookOptions = {},
): Promise<Located | undefined> {
  await organisation.requireHome(stored.state);
  const search = { command, organisation, stored, ...options };
  try {
    const located = await (uuidOf(stored) !== undefined ? locateByUuid(search) : locateV1Key(search));
    await requireShownBefore(search, located);
    return located;
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
  command: Pick<Command, "ledger" | "tellOnce">,
  organisation: Organisation,
  stored: StoredKey,
): Promise<void> {
  await organisation.requireHome(stored.state);
  if (stored.state.orgId === undefined) await locate(command, organisation, stored);
}

/** A key whose organisation nobody knows can be gone only if it was shown to these credentials before. */
async function requireShownBefore({ organisation, stored }: Search, located: Located | undefined): Promise<void> {
  const { state, id, isListed } = stored;
  if (state.orgId !== undefined || state.name === "" || isListed) return;
  const ids = idsOf(stored);
  if (located) ids.forEach((one) => organisation.shown.add(one));
  else if (!ids.some((one) => organisation.shown.has(one))) {
    const { orgId = "unknown" } = (await organisation.currentUser().catch(undefinedIfRefused)) ?? {};
    const why = `The state does not name its organisation, and the organisation of the credentials (${orgId}) does not show it.`;
    throw cannotTell(state, id, why);
  }
}

/** A key without a UUID: v1 lists it by its fingerprint, and v2 by its name and the end of its secret. */
async function locateV1Key(search: Search): Promise<Located | undefined> {
  const { organisation, stored, needsV2 } = search;
  const { v1Keys } = organisation;
  const look = needsV2 ? undefined : await organisation.ifV1Serves(() => firstLook(search, v1Keys));
  const record = look ? await findIn(search, v1Keys, look, byId(stored.id)) : await findOwnInV2(search);
  if (record) return at(look ? "v1" : "currentUser", record);
  const isRecognised = look !== undefined || tailOf(stored) !== undefined;
  if (isRecognised && (await organisation.callerOwns(stored.state))) return undefined;
  if (look && tailOf(stored) === undefined && (await isNobodys(search))) return undefined;
  return locateAmongEverybodys(search);
}

/**
 * Whether a key that v1's list misses is gone, if its secret is unknown (replaced keys of 0.1.0, and keys of `get`). v1 lists
 * all users' keys if the caller may see them. v2 says whether the caller may, and shows no key of its name.
 */
async function isNobodys(search: Search): Promise<boolean> {
  const { name } = search.stored.state;
  const named = findTwice(
    search,
    search.organisation.v2KeysOf("organisation"),
    (look) => look.filter((key) => key.name === name)[0],
  );
  return named.then((key) => key === undefined, falseIfRefused);
}

async function findOwnInV2(search: Search): Promise<KeyRecord | undefined> {
  const { v1Refusal } = search.organisation;
  return findTwice(search, search.organisation.v2KeysOf("currentUser"), matching(search)).catch((error: unknown) => {
    throw isRefusal(error) && v1Refusal ? new BothRefusedError(v1Refusal, error) : error;
  });
}

async function locateAmongEverybodys(search: Search): Promise<Located | undefined> {
  const { organisation, stored } = search;
  const record = await findTwice(search, organisation.v2KeysOf("organisation"), matching(search)).catch(
    (error: unknown) => {
      if (!(error instanceof PermissionDeniedError)) throw error;
      throw cannotTell(stored.state, stored.id, `It is not among the caller's own keys: ${error.brief}`, error);
    },
  );
  if (!record && tailOf(stored) === undefined)
    throw cannotTell(stored.state, stored.id, "v1 does not show it, and v2 finds it only by the end of its secret.");
  return record && at("organisation", record);
}

/** Finds a v1 key in one of v2's lists. */
function matching({ command, stored }: Search): Find {
  const isOther = (key: KeyRecord) => {
    const tracked = command.ledger.keyById(key.id);
    return tracked?.state.hash !== undefined && !isSameKey(tracked, stored);
  };
  return (look) => matchV1Key(stored, look.all(), isOther);
}

async function locateByUuid(search: Search): Promise<Located | undefined> {
  const { stored } = search;
  let refusal: DatadogError | undefined;
  try {
    const byOwner = await locateByOwner(search);
    if (byOwner) return byOwner.located;
  } catch (error) {
    if (!isRefusal(error)) throw error;
    refusal = error;
  }
  try {
    const record = await lookAgainIn(search, "organisation", await lookIn(search, "organisation"));
    return record && at("organisation", record);
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
  const look = await lookIn(search, owner);
  if (!look.record && owner === "currentUser" && !(await organisation.callerOwns(stored.state))) return undefined;
  const record = await lookAgainIn(search, owner, look);
  return { located: record && at(owner, record) };
}

/** A look for one key. */
interface LookForOne {
  readonly record: KeyRecord | undefined;
  readonly answeredAt: number;
}

async function lookIn({ organisation, stored, since }: Search, area: Area): Promise<LookForOne> {
  const keys = organisation.v2KeysOf(area);
  const uuid = uuidOf(stored) ?? stored.id;
  // Lists do not name the owner, so a key without known details is read on its own.
  if (since === undefined && (keys.takeSingleRead() || stored.state.owner === undefined)) {
    const record = await organisation.v2.get(area, uuid).catch(undefinedIfRefused);
    return { record, answeredAt: organisation.clock.now() };
  }
  const look = await firstLook({ since }, keys);
  return { record: look.find(uuid), answeredAt: look.answeredAt };
}

async function lookAgainIn(search: Search, area: Area, look: LookForOne): Promise<KeyRecord | undefined> {
  const { organisation, stored } = search;
  return look.record ?? findLate(search, organisation.v2KeysOf(area), look, byId(uuidOf(stored) ?? stored.id));
}

type Find = (look: Listed) => KeyRecord | undefined;

function byId(id: string): Find {
  return (look) => look.find(id);
}

async function findTwice(search: Search, keys: KeyList, find: Find): Promise<KeyRecord | undefined> {
  return findIn(search, keys, await firstLook(search, keys), find);
}

async function findIn(search: Search, keys: KeyList, look: Listed, find: Find): Promise<KeyRecord | undefined> {
  return find(look) ?? findLate(search, keys, look, find);
}

function firstLook({ since }: LookOptions, keys: KeyList): Promise<Listed> {
  return since === undefined ? keys.baseline() : keys.since(since);
}

/** Looks some seconds after a look that missed the key, because Datadog's reads may be late. */
async function findLate(
  { command, organisation, stored }: Search,
  keys: KeyList,
  { answeredAt }: Pick<Listed, "answeredAt">,
  find: Find,
): Promise<KeyRecord | undefined> {
  // If the first look of this process missed the key too, it counts, so that all missing keys share one wait.
  const first = await keys.first();
  const missedAt = find(first) ? answeredAt : Math.min(first.answeredAt, answeredAt);
  const { clock } = organisation;
  const due = Math.max(missedAt + secondLookMs, oldEnoughAt(stored.state.createdAt, clock));
  if (due > clock.now())
    command.tellOnce(
      `Datadog does not show every key. Looking again for up to ${readLagMs / 1000} s, because its reads may be late`,
      organisation,
    );
  return find(await keys.since(due));
}

function at(place: Area | "v1", record: KeyRecord): Located {
  return { address: place === "v1" ? { key: secretOf(record) } : { area: place, uuid: record.id }, record };
}
