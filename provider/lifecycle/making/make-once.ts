import { InterruptedError } from "../../datadog/clock";
import { ConflictError, type DatadogError, NotFoundError, mayHaveHappened } from "../../datadog/errors";
import { type KeyRecord, quoted } from "../../datadog/keys";
import { createTries, looksForKeyMs, readLagMs } from "../../datadog/patience";
import {
  type LifecycleError,
  anotherUnknown,
  madeAnother,
  maybeLeftBehind,
  messageOf,
  severalKeys,
} from "../model/errors";
import { scopeSet } from "../model/properties";
import type { MakingThrough } from "./making";

export interface MadeOnce {
  readonly record: KeyRecord;
  /** What an earlier request with a lost answer may have created, and what to do. */
  readonly mayHaveTwin?: string | undefined;
}

/**
 * Creates exactly one key. If an answer is lost, the list shows what the request did: a new key of that name and owner
 * is ours. It may appear late, so the request is not repeated until that time has passed.
 * @param isTaken whether a key that gives the name up in this run still has it
 */
export async function makeOnce(making: MakingThrough, isTaken: () => boolean): Promise<MadeOnce> {
  const { entry } = making;
  // A hook may retry a create whose result was never known.
  const found = entry.unanswered && (await lookForLost(making, entry.unanswered));
  const made = found ? { record: found } : await makeAnew(making, isTaken);
  entry.unanswered = undefined;
  return made;
}

async function makeAnew(making: MakingThrough, isTaken: () => boolean): Promise<MadeOnce> {
  const { entry, api, keys, inputs } = making;
  let lost: DatadogError | undefined;
  for (let attempt = 1; ; attempt += 1) {
    const wasTaken = isTaken();
    try {
      const record = await api.create({ name: inputs.name, scopes: scopeSet(inputs.scopes) });
      keys.add(record);
      return { record, mayHaveTwin: lost && (await lookForTwins(making, lost)) };
    } catch (error) {
      // After a lost answer, "the name is taken" means that our own key exists, even if the list does not show it yet.
      const isThere = lost !== undefined && error instanceof ConflictError && !wasTaken;
      if (!isThere && !mayHaveHappened(error)) throw error;
      lost = error as DatadogError;
      entry.unanswered = lost;
      const found = await lookForLost(making, lost);
      if (found) return { record: found };
      if (isThere) throw leftBehind(making, `${lost.brief} The list does not show it.`, lost);
      if (attempt >= createTries) throw lost;
    }
  }
}

/**
 * Finds the key that a create without an answer made.
 * @returns undefined if it made none, or if the key was revoked because nobody can learn its secret
 */
async function lookForLost(making: MakingThrough, lost: DatadogError): Promise<KeyRecord | undefined> {
  const { command, organisation, inputs } = making;
  const { clock } = organisation;
  command.tellOnce(
    `No answer came to the request for ${quoted(inputs.name)}. Looking for the key for up to ${readLagMs / 1000} s before ` +
      "trying again",
    organisation,
  );
  for (const wait of looksForKeyMs) {
    const [found, ...others] = await newcomers(making, lost, clock.now() + wait).catch(async (error: unknown) => {
      if (!(error instanceof InterruptedError)) throw error;
      // The user ended the wait. One more look may find the key.
      const now = await newcomers(making, lost, clock.now());
      if (now.length === 0) throw leftBehind(making, `${lost.brief} The wait for it was interrupted.`, lost);
      return now;
    });
    if (!found) continue;
    if (others.length > 0) {
      const several = severalKeys(inputs.name, organisation.site, [found, ...others]);
      throw leftBehind(making, `${lost.brief} ${several.message}`, several);
    }
    const taken = await takeFound(making, lost, found);
    if (taken !== "does not show yet") return taken;
  }
  return undefined;
}

/** Takes the key that a lost answer was about. If its secret is lost too, revokes it and returns undefined. */
async function takeFound(
  making: MakingThrough,
  lost: DatadogError,
  found: KeyRecord,
): Promise<KeyRecord | undefined | "does not show yet"> {
  const { command, api, keys } = making;
  const fail = (error: unknown): never => {
    const why = `The list shows it (${found.id}), and a request for it failed too: ${messageOf(error)}`;
    throw leftBehind(making, `${lost.brief} ${why}`, error);
  };
  const revealed = await api.reveal(found).catch((error: unknown) => {
    // The list showed the key before its own endpoint did.
    if (error instanceof NotFoundError && error.inDatadogsWords) return undefined;
    return fail(error);
  });
  if (!revealed) return "does not show yet";
  if (revealed.key !== undefined) {
    keys.add(revealed);
    return revealed;
  }
  // One-Time Read mode sent the secret once, in the lost answer, so nobody can ever use this key.
  await api.delete(found).catch((error: unknown) => {
    // The list has just shown it. It is gone because an earlier try of this request succeeded.
    if (!(error instanceof NotFoundError && error.inDatadogsWords)) fail(error);
  });
  command.writes.revoked([found.id]);
  return undefined;
}

/** A request with a lost answer may have been carried out late, after the request that followed it. */
async function lookForTwins(making: MakingThrough, lost: DatadogError): Promise<string | undefined> {
  try {
    const twins = await newcomers(making, lost, making.organisation.clock.now());
    return twins.length === 0 ? undefined : madeAnother(twins);
  } catch (error) {
    // The new key is known, and this failure must not lose it.
    return anotherUnknown(messageOf(error));
  }
}

/** Keys of the name and owner that are newer than the baseline and belong to no resource of this run. */
async function newcomers(making: MakingThrough, lost: DatadogError, moment: number): Promise<KeyRecord[]> {
  const { command, organisation, api, keys, inputs } = making;
  const { ledger } = command;
  try {
    const isNew = (key: KeyRecord) => key.name === inputs.name && !ledger.knows(key);
    return await organisation.ownKeys(api.version, await keys.newcomersSince(moment, isNew));
  } catch (error) {
    if (error instanceof InterruptedError) throw error;
    throw leftBehind(making, `${lost.brief} Looking for it failed too: ${messageOf(error)}`, error);
  }
}

function leftBehind({ inputs, organisation }: MakingThrough, why: string, cause: unknown): LifecycleError {
  return maybeLeftBehind(inputs.name, organisation.site, why, cause);
}
