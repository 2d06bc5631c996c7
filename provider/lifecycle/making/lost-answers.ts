import { InterruptedError } from "../../datadog/clock";
import { type DatadogError, NotFoundError } from "../../datadog/errors";
import { type KeyRecord, quoted } from "../../datadog/keys";
import { looksForKeyMs, readLagMs } from "../../datadog/patience";
import {
  type LifecycleError,
  maybeLeftBehind,
  messageOf,
  severalKeys,
  twinsFound,
  twinsUnknown,
} from "../model/errors";
import { ownerOf } from "../model/stored-key";
import type { Creation } from "./creation";

/**
 * Finds the key that a create without an answer made.
 * @returns undefined if it made none, or if the key was revoked because nobody can learn its secret
 */
export async function findLostKey(creation: Creation, lost: DatadogError): Promise<KeyRecord | undefined> {
  const { command, organisation, inputs } = creation;
  const { clock } = organisation;
  command.tellOnce(
    `No answer came to the request for ${quoted(inputs.name)}. Looking for the key for up to ${readLagMs / 1000} s before ` +
      "trying again",
    organisation,
  );
  for (const wait of looksForKeyMs) {
    const [found, ...others] = await newcomers(creation, lost, clock.now() + wait).catch(async (error: unknown) => {
      if (!(error instanceof InterruptedError)) throw error;
      // The user ended the wait. One more look may find the key.
      const now = await newcomers(creation, lost, clock.now());
      if (now.length === 0) throw leftBehind(creation, `${lost.brief} The wait for it was interrupted.`, lost);
      return now;
    });
    if (!found) continue;
    if (others.length > 0) {
      const several = severalKeys(inputs.name, organisation.site, [found, ...others]);
      throw leftBehind(creation, `${lost.brief} ${several.message}`, several);
    }
    const taken = await takeLostKey(creation, lost, found);
    if (taken !== "does not show yet") return taken;
  }
  return undefined;
}

/** Takes the key that a lost answer was about. If its secret is lost too, revokes it and returns undefined. */
async function takeLostKey(
  creation: Creation,
  lost: DatadogError,
  found: KeyRecord,
): Promise<KeyRecord | undefined | "does not show yet"> {
  const { command, organisation, api, keys, inputs } = creation;
  const fail = (error: unknown): never => {
    const why = `The list shows it (${found.id}), and a request for it failed too: ${messageOf(error)}`;
    throw leftBehind(creation, `${lost.brief} ${why}`, error);
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
  await organisation.v2.delete(ownerOf(inputs), found.id, found.name).catch((error: unknown) => {
    // The list has just shown it. It is gone because an earlier try of this request succeeded.
    if (!(error instanceof NotFoundError && error.inDatadogsWords)) fail(error);
  });
  command.writes.revoked([found.id]);
  return undefined;
}

/** A request with a lost answer may have been carried out late, after the request that followed it. */
export async function findTwins(creation: Creation, lost: DatadogError): Promise<string | undefined> {
  try {
    const twins = await newcomers(creation, lost, creation.organisation.clock.now());
    return twins.length === 0 ? undefined : twinsFound(twins);
  } catch (error) {
    // The new key is known, and this failure must not lose it.
    return twinsUnknown(messageOf(error));
  }
}

/** Keys of the name and owner that are newer than the baseline and belong to no resource of this run. */
async function newcomers(creation: Creation, lost: DatadogError, moment: number): Promise<KeyRecord[]> {
  const { command, organisation, api, keys, baseline, inputs } = creation;
  const { ledger } = command;
  try {
    const isNew = (key: KeyRecord) => key.name === inputs.name && !ledger.knows(key);
    return await organisation.ownKeys(api.version, await keys.newcomersSince(moment, baseline, isNew));
  } catch (error) {
    if (error instanceof InterruptedError) throw error;
    throw leftBehind(creation, `${lost.brief} Looking for it failed too: ${messageOf(error)}`, error);
  }
}

export function leftBehind({ inputs, organisation }: Creation, why: string, cause: unknown): LifecycleError {
  return maybeLeftBehind(inputs.name, organisation.site, why, cause);
}
