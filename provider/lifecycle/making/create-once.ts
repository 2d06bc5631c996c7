import { ConflictError, type DatadogError, mayHaveHappened } from "../../datadog/errors";
import type { KeyRecord } from "../../datadog/keys";
import { createTries } from "../../datadog/patience";
import { scopeSet } from "../model/inputs";
import type { Creation } from "./creation";
import { findLostKey, findTwins, leftBehind } from "./lost-answers";

export interface CreatedRecord {
  readonly record: KeyRecord;
  /** What an earlier request with a lost answer may have created, and what to do. */
  readonly mayHaveTwin?: string | undefined;
}

/**
 * Creates exactly one key. If an answer is lost, the list shows what the request did: a new key of that name and owner
 * is ours. It may appear late, so the request is not repeated until that time has passed.
 * @param isTaken whether a key that gives the name up in this run still has it
 */
export async function createOnce(creation: Creation, isTaken: () => boolean): Promise<CreatedRecord> {
  const { entry } = creation;
  // A hook may retry a create whose result was never known.
  const found = entry.unanswered && (await findLostKey(creation, entry.unanswered));
  const made = found ? { record: found } : await sendCreate(creation, isTaken);
  entry.unanswered = undefined;
  return made;
}

async function sendCreate(creation: Creation, isTaken: () => boolean): Promise<CreatedRecord> {
  const { entry, api, keys, inputs } = creation;
  let lost: DatadogError | undefined;
  for (let attempt = 1; ; attempt += 1) {
    const wasTaken = isTaken();
    try {
      const record = await api.create({ name: inputs.name, scopes: scopeSet(inputs.scopes) });
      keys.add(record);
      return { record, mayHaveTwin: lost && (await findTwins(creation, lost)) };
    } catch (error) {
      // After a lost answer, "the name is taken" means that our own key exists, even if the list does not show it yet.
      const isThere = lost !== undefined && error instanceof ConflictError && !wasTaken;
      if (!isThere && !mayHaveHappened(error)) throw error;
      lost = error as DatadogError;
      entry.unanswered = lost;
      const found = await findLostKey(creation, lost);
      if (found) return { record: found };
      if (isThere) throw leftBehind(creation, `${lost.brief} The list does not show it.`, lost);
      if (attempt >= createTries) throw lost;
    }
  }
}
