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
  /** What an earlier request whose answer was lost may have left, and what to do. */
  readonly mayHaveTwin?: string | undefined;
}

/**
 * Creates one key and no second one. If an answer is lost, the list says what became of the request: a key of that name and
 * owner that was not there before is ours. It may show late, so nothing is sent again before it has been looked for as
 * long as that may take.
 * @param isTaken whether a key that gives the name up in this run still has it
 */
export async function makeOnce(making: MakingThrough, isTaken: () => boolean): Promise<MadeOnce> {
  const { entry } = making;
  // A hook may try a create again after nobody could tell how it ended.
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
      // After a lost answer, "the name is taken" says that our own key is there, even if it does not show yet.
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

/** What became of a create without an answer: the key that it made, or undefined if it made none, or one without use. */
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
      // The user waits no longer. One look now may find it.
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

/** Takes the key that a lost answer was about. Undefined if nobody can use it: then it is revoked. */
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
    // The list was ahead of what serves a single key.
    if (error instanceof NotFoundError && error.inDatadogsWords) return undefined;
    return fail(error);
  });
  if (!revealed) return "does not show yet";
  if (revealed.key !== undefined) {
    keys.add(revealed);
    return revealed;
  }
  // One-Time Read mode told its secret once, in the answer that was lost: nobody can ever use this key.
  await api.delete(found).catch((error: unknown) => {
    // The list has just shown it: it is gone because an earlier try of this request was carried out.
    if (!(error instanceof NotFoundError && error.inDatadogsWords)) fail(error);
  });
  command.writes.revoked([found.id]);
  return undefined;
}

/** A request whose answer was lost may have been carried out late, beside the one that was sent after it. */
async function lookForTwins(making: MakingThrough, lost: DatadogError): Promise<string | undefined> {
  try {
    const twins = await newcomers(making, lost, making.organisation.clock.now());
    return twins.length === 0 ? undefined : madeAnother(twins);
  } catch (error) {
    // The key that was made is known, and must not be forgotten for this.
    return anotherUnknown(messageOf(error));
  }
}

/** Keys of the name and owner that came since the baseline and that no resource of this run has. */
async function newcomers(making: MakingThrough, lost: DatadogError, moment: number): Promise<KeyRecord[]> {
  const { command, organisation, api, keys, inputs } = making;
  const { ledger } = command;
  try {
    const isNew = (key: KeyRecord) => key.name === inputs.name && !ledger.makesRoom(key) && !ledger.tracks(key);
    return await organisation.ownKeys(api.version, await keys.newcomersSince(moment, isNew));
  } catch (error) {
    if (error instanceof InterruptedError) throw error;
    throw leftBehind(making, `${lost.brief} Looking for it failed too: ${messageOf(error)}`, error);
  }
}

function leftBehind({ inputs, organisation }: MakingThrough, why: string, cause: unknown): LifecycleError {
  return maybeLeftBehind(inputs.name, organisation.site, why, cause);
}
