import { PermissionDeniedError, type SettingNames, isRefusal } from "../../datadog/errors";
import { type User, nameOf, shown } from "../../datadog/keys";
import type { Organisation } from "../finding/organisation";
import { LifecycleError, PartialError, messageOf } from "../model/errors";

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
 * Adds to the first refusal of a run what everybody asks then: whose key is it that Datadog refuses, and do the two
 * belong together? Asked once for each set of credentials, and never where nothing failed.
 * @returns the error to throw in its place
 */
export async function explainRefusal(error: unknown, sent: Sent): Promise<unknown> {
  if (!isDenied(error) || explained.has(sent.organisation)) return error;
  explained.add(sent.organisation);
  const words = [messageOf(error), ...(await whoseKey(sent))];
  if (sent.withoutProgram && [sent.names.apiKey, sent.names.appKey].some(isConfiguration))
    words.push(lastConfiguration);
  const message = words.join(" ");
  return error instanceof PartialError
    ? new PartialError(error.id, error.properties, message)
    : new LifecycleError(message, { cause: error });
}

/** What surprises people whose management key was rotated: seen in `refresh` and `destroy` only. */
export const lastConfiguration =
  "`pulumi refresh` and `pulumi destroy` use the configuration of the last `pulumi up`: where it was changed since, " +
  "give them --run-program, or run `pulumi up` first.";

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
    // The refusal is there to be told, whatever else fails now.
    return isRefusal(error) ? [unknownUser(sent)] : [];
  }
}

type Where = Pick<Sent, "names" | "apiUrl"> & { readonly organisation: Pick<Organisation, "site"> };

export function knownUser(user: User, { names, organisation: { site } }: Where): string {
  return (
    `Datadog takes the application key in ${names.appKey} for that of the user ${shown(nameOf(user) ?? user.id)}, ` +
    `on ${site}. If that is whom you mean, the permission is missing; if not, set another application key.`
  );
}

export function unknownUser({ names, apiUrl, organisation: { site } }: Where): string {
  return (
    `Datadog does not tell either whose application key that is: most likely ${names.apiKey} and ${names.appKey} do ` +
    `not belong together, or not to ${site}. Check in this order: (1) the site: is it ${site} that your browser ` +
    `shows, and is its API at ${new URL(apiUrl).host}? (2) ${names.apiKey}: is it an API key of that organisation, ` +
    `not revoked? (3) ${names.appKey}: is it an application key of the same organisation, not revoked, of a user ` +
    "who is not disabled? (4) If that key has scopes: do they include the permission?"
  );
}
