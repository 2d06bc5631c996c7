import { PermissionDeniedError, type SettingNames, isRefusal } from "../datadog/errors";
import { type User, nameOf, shown } from "../datadog/keys";
import type { Organisation } from "./observing/organisation";
import { LifecycleError, Unfinished, messageOf } from "./model/errors";

/** With which settings a refused request was sent, and in what kind of command. */
export interface Sent {
  readonly organisation: Organisation;
  readonly apiUrl: string;
  readonly names: SettingNames;
  /** Whether the engine has checked no key in this run, as in a refresh or destroy that runs no program. */
  readonly withoutProgram: boolean;
}

const explained = new WeakSet<Organisation>();

/**
 * Adds to the first refusal of a run whose key Datadog refused, and whether the two keys belong together. Asks once for
 * each set of credentials, and only after a failure.
 * @returns the error to throw in its place
 */
export async function explainRefusal(error: unknown, sent: Sent): Promise<unknown> {
  if (!isDenied(error) || explained.has(sent.organisation)) return error;
  explained.add(sent.organisation);
  const words = [messageOf(error), ...(await whoseKey(sent))];
  if (sent.withoutProgram && [sent.names.apiKey, sent.names.appKey].some(isConfiguration))
    words.push(lastConfiguration);
  const message = words.join(" ");
  return error instanceof Unfinished
    ? new Unfinished(error.id, error.properties, message, { cause: error })
    : new LifecycleError(message, { cause: error });
}

/** What surprises people whose management key was rotated. Only `refresh` and `destroy` do this. */
export const lastConfiguration =
  "`pulumi refresh` and `pulumi destroy` use the configuration of the last `pulumi up`. If it has changed since, " +
  "add --run-program, or run `pulumi up` first.";

function isDenied(error: unknown): error is Error {
  if (error instanceof PermissionDeniedError) return true;
  return error instanceof Error && isDenied(error.cause);
}

function isConfiguration(name: string): boolean {
  return name.includes(":");
}

async function whoseKey(sent: Sent): Promise<string[]> {
  try {
    return [knownUser(await sent.organisation.currentUser(), sent)];
  } catch (error) {
    // The user must see the refusal, whatever else fails now.
    return isRefusal(error) ? [unknownUser(sent)] : [];
  }
}

type Where = Pick<Sent, "names" | "apiUrl"> & { readonly organisation: Pick<Organisation, "site"> };

export function knownUser(user: User, { names, organisation: { site } }: Where): string {
  return (
    `On ${site}, the application key in ${names.appKey} belongs to the user ${shown(nameOf(user) ?? user.id)}. ` +
    "If that is the right user, they lack the permission. Otherwise set a different key."
  );
}

export function unknownUser({ names, apiUrl, organisation: { site } }: Where): string {
  return (
    `Datadog does not say whose application key that is. Most likely ${names.apiKey} and ${names.appKey} belong to two ` +
    `organisations, or not to ${site}. Check in this order: (1) The site: does your browser show ${site}, and is its ` +
    `API at ${new URL(apiUrl).host}? (2) ${names.apiKey}: is it an API key of that organisation, and still valid? ` +
    `(3) ${names.appKey}: is it an application key of the same organisation, still valid, of a user who is not ` +
    "disabled? (4) The scopes of that key, if it has any: do they include the permission?"
  );
}
