import { InterruptedError } from "../../datadog/clock";
import { ConflictError, type DatadogError, NotFoundError, mayHaveHappened } from "../../datadog/errors";
import type { KeyApi } from "../../datadog/key-api";
import { type KeyRecord, type NewKey, quoted } from "../../datadog/keys";
import { createTries, looksForKeyMs, readLagMs } from "../../datadog/patience";
import type { KeyList } from "../finding/key-list";
import type { Organisation } from "../finding/organisation";
import { type LifecycleError, madeAnother, maybeLeftBehind, messageOf, severalKeys } from "../model/errors";

/** A key that is to be made, and where. */
export interface Order extends NewKey {
  /** Whether a key that this run replaces or renames has the name as yet. */
  readonly isTaken: boolean;
  /** Whether a resource of the state has a key: then no lost answer was about it, however late it shows. */
  readonly isOfTheState: (key: KeyRecord) => boolean;
  readonly organisation: Organisation;
  readonly api: KeyApi;
  readonly keys: KeyList;
}

export interface Made {
  readonly record: KeyRecord;
  /** Where an earlier request whose answer was lost may have made another key: which one, and what to do. */
  readonly mayHaveTwin?: string | undefined;
}

/**
 * Makes one key and no second one. Where an answer is lost, the list says what became of the request: a key of that name
 * and owner that was not there before is ours. It may show late, so nothing is sent again before it has been looked for as
 * long as that may take.
 */
export async function createOnce(order: Order): Promise<Made> {
  const { keys, name } = order;
  // A resource hook may have a create tried again whose outcome nobody could tell.
  const before = keys.unanswered.get(name);
  const found = before && (await lookForLost(order, before));
  const made = found ? { record: found } : await createAnew(order);
  keys.unanswered.delete(name);
  return made;
}

async function createAnew(order: Order): Promise<Made> {
  const { api, keys, name } = order;
  let lost: DatadogError | undefined;
  for (let attempt = 1; ; attempt += 1) {
    try {
      const record = await api.create(order);
      await keys.put(record);
      return { record, mayHaveTwin: lost && (await lookForTwins(order, lost)) };
    } catch (error) {
      // After a lost answer, "the name is taken" says that our own key is there, if not yet to be seen.
      const isThere = lost !== undefined && error instanceof ConflictError && !order.isTaken;
      if (!isThere && !mayHaveHappened(error)) throw error;
      lost = error as DatadogError;
      keys.unanswered.set(name, lost);
      const found = await lookForLost(order, lost);
      if (found) return { record: found };
      if (isThere) throw leftBehind(order, `${lost.message} It was looked for in vain.`, lost);
      if (attempt >= createTries) throw lost;
    }
  }
}

/** What became of a create without an answer: the key that it made, or undefined where it made none (any more). */
async function lookForLost(order: Order, lost: DatadogError): Promise<KeyRecord | undefined> {
  const { organisation, name } = order;
  const { clock } = organisation;
  organisation.tellOnce(
    `No answer came to the request for ${quoted(name)}: it is looked for, up to ${readLagMs / 1000} s, before anything is sent again`,
  );
  for (const wait of looksForKeyMs) {
    const [found, ...others] = await newcomers(order, lost, clock.now() + wait).catch(async (error: unknown) => {
      if (!(error instanceof InterruptedError)) throw error;
      // The user waits no longer; one look now may find it all the same.
      const now = await newcomers(order, lost, clock.now());
      if (now.length === 0) throw leftBehind(order, `${lost.message} The wait for it was interrupted.`, lost);
      return now;
    });
    if (!found) continue;
    if (others.length > 0) {
      const several = severalKeys(name, organisation.site, [found, ...others]);
      throw leftBehind(order, `${lost.message} ${several.message}`, several);
    }
    const taken = await takeFound(order, found);
    if (taken !== "not to be seen yet") return taken;
  }
  return undefined;
}

/** Takes a key that a lost answer was about; undefined where nobody can use it, and it is revoked. */
async function takeFound(order: Order, found: KeyRecord): Promise<KeyRecord | undefined | "not to be seen yet"> {
  const { organisation, api, keys } = order;
  const fail = (error: unknown): never => {
    throw leftBehind(order, `${messageOf(error)} It is the key with the id ${found.id}.`, error);
  };
  const revealed = await api.reveal(found).catch((error: unknown) => {
    // The list was ahead of what serves a single key.
    if (error instanceof NotFoundError && error.inDatadogsWords) return undefined;
    return fail(error);
  });
  if (!revealed) return "not to be seen yet";
  if (revealed.key !== undefined) {
    // It may be a young key of the state's that this resource takes the name of: if so, what was lost was a refusal, and
    // the engine deletes the resource that had it.
    organisation.adopt(revealed);
    await keys.put(revealed);
    return revealed;
  }
  // One-Time Read mode told its secret once, in the answer that was lost: nobody can ever use this key.
  await api.delete(found).catch((error: unknown) => {
    // It was listed just now: that it is gone is the work of an earlier try of this request.
    if (!(error instanceof NotFoundError && error.inDatadogsWords)) fail(error);
  });
  await keys.remove(found.id);
  return undefined;
}

/** A request whose answer was lost may have been carried out late, beside the one that was sent after it. */
async function lookForTwins(order: Order, lost: DatadogError): Promise<string | undefined> {
  try {
    const twins = await newcomers(order, lost, order.organisation.clock.now());
    if (twins.length === 0) return undefined;
    return madeAnother(twins);
  } catch (error) {
    // The key that was made is known, and must not be forgotten for this.
    return `was looked for in vain: ${messageOf(error)}`;
  }
}

/** Keys of the name and owner that came since the baseline and that no resource of this run has. */
async function newcomers(order: Order, lost: DatadogError, moment: number): Promise<KeyRecord[]> {
  const { organisation, api, keys, name } = order;
  try {
    const named = await keys.newcomersSince(moment, (key) => key.name === name && !order.isOfTheState(key));
    return await organisation.ownKeys(api.version, named);
  } catch (error) {
    if (error instanceof InterruptedError) throw error;
    throw leftBehind(order, `${lost.message} Looking for it failed too: ${messageOf(error)}`, error);
  }
}

function leftBehind({ name, organisation }: Order, why: string, cause: unknown): LifecycleError {
  return maybeLeftBehind(name, organisation.site, why, cause);
}
