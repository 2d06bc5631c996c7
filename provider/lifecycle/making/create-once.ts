import { ConflictError, type DatadogError, NotFoundError, mayHaveHappened } from "../../datadog/errors";
import type { KeyApi } from "../../datadog/key-api";
import type { KeyRecord } from "../../datadog/keys";
import { backoff } from "../../datadog/retry";
import type { Directory } from "../finding/key-list";
import { type LifecycleError, maybeLeftBehind, messageOf, severalKeys } from "../model/errors";
import type { Organisation } from "../finding/organisation";

/** How often a key is asked for at the most while answers are lost. */
const tries = 4;

export interface Order {
  readonly organisation: Organisation;
  readonly api: KeyApi;
  readonly directory: Directory;
  readonly name: string;
  readonly scopes: readonly string[];
}

export interface Made {
  readonly record: KeyRecord;
  /** Where an earlier request whose answer was lost may have made another key: which one, and what to do. */
  readonly doubt?: string | undefined;
}

/**
 * Makes one key and no second one. Where an answer is lost, the list says what became of the request:
 * a key of that name and owner that was not there before is ours.
 */
export async function makeKey(order: Order): Promise<Made> {
  const { api, directory, name, scopes } = order;
  const { clock } = order.organisation;
  let lost: DatadogError | undefined;
  for (let attempt = 1; ; attempt += 1) {
    try {
      const record = await api.create(name, scopes);
      await directory.put(record);
      return { record, doubt: lost && (await lookForStrays(order, lost)) };
    } catch (error) {
      // After a lost answer, "the name is taken" may well be our own key, come late.
      const ours = mayHaveHappened(error) || (lost && error instanceof ConflictError);
      if (!ours) throw error;
      lost = error as DatadogError;
      // Seconds, not an instant: Datadog may still be at work on a request that was cut off.
      const waited = await clock.sleep(backoff(attempt + 2, () => clock.random())).then(
        () => true,
        () => false,
      );
      const found = await settle(order, lost);
      if (found) return { record: found };
      if (!waited) throw interruptedTooSoon(order, lost);
      if (attempt >= tries) throw lost;
    }
  }
}

/** Not there yet: the user did not leave Datadog the time to make it. */
function interruptedTooSoon({ organisation, name }: Order, lost: DatadogError): LifecycleError {
  return maybeLeftBehind(name, organisation.site, `${lost.message} The wait for it was interrupted.`, lost);
}

/** What became of a create without an answer: the key that it made, or undefined where it made none (any more). */
async function settle(order: Order, lost: DatadogError): Promise<KeyRecord | undefined> {
  const { organisation, api, directory, name } = order;
  const [found, ...others] = await newcomers(order, lost);
  if (!found) return undefined;
  const fail = (why: string, cause: unknown) => maybeLeftBehind(name, organisation.site, why, cause);
  if (others.length > 0) {
    const several = severalKeys(name, organisation.site, [found, ...others]);
    throw fail(`${lost.message} ${several.message}`, several);
  }
  try {
    const revealed = await api.reveal(found);
    if (revealed.key !== undefined) {
      await directory.put(revealed);
      return revealed;
    }
    // One Time Read mode told its secret once, in the answer that was lost: nobody can ever use this key.
    await api.delete(found).catch((error: unknown) => {
      // It was listed just now, so that a second try of this request finds what the first one did.
      if (!(error instanceof NotFoundError)) throw error;
    });
    return undefined;
  } catch (error) {
    throw fail(`${messageOf(error)} It is the key with the id ${found.id}.`, error);
  }
}

/** A request whose answer was lost may have been carried out late, beside the one that was sent after it. */
async function lookForStrays(order: Order, lost: DatadogError): Promise<string | undefined> {
  try {
    const strays = await newcomers(order, lost);
    if (strays.length === 0) return undefined;
    return `may have made another one: ${strays.map((key) => key.id).join(", ")}. If nobody else made it, revoke it in Datadog.`;
  } catch (error) {
    // The key that was made is known, and must not be forgotten for this.
    return `was looked for in vain: ${messageOf(error)}`;
  }
}

/** Keys of the name and owner that came since the baseline and that no resource of this run has. */
async function newcomers({ organisation, api, directory, name }: Order, lost: DatadogError): Promise<KeyRecord[]> {
  try {
    const named = await directory.newcomers((key) => key.name === name);
    return await organisation.ownKeys(api.version, named);
  } catch (error) {
    throw maybeLeftBehind(
      name,
      organisation.site,
      `${lost.message} Looking for it failed too: ${messageOf(error)}`,
      error,
    );
  }
}
