import { PermissionDeniedError, type SettingNames, isRefusal, sentence } from "../datadog/errors";
import { type User, nameOf, quoted, shown } from "../datadog/keys";
import type { Organisation } from "./observing/organisation";
import { BothRefusedError, LifecycleError, Unfinished, messageOf } from "./model/errors";

/** With which settings a refused request was sent, for which key, and in what kind of command. */
export interface Sent {
  readonly organisation: Organisation;
  readonly apiUrl: string;
  readonly names: SettingNames;
  /** The name of the key that the call was about; undefined of a key that is only read. */
  readonly key: string | undefined;
  /** Whether the engine has checked no key in this run, as in a refresh or destroy that runs no program. */
  readonly withoutProgram: boolean;
}

const explained = new WeakSet<Organisation>();

/**
 * Has the first refusal of a run say what everybody asks then: whose key is it that Datadog refuses, and do the two
 * belong together? Asked once for each set of credentials, and never where nothing failed.
 * @returns the error to throw in its place
 */
export async function explainRefusal(error: unknown, sent: Sent): Promise<unknown> {
  if (!isDenied(error) || explained.has(sent.organisation)) return error;
  explained.add(sent.organisation);
  const user = await whoseKey(sent);
  if (user === undefined) return error;
  const message = user === "refused" ? credentialsRefused(error, sent) : userRefused(error, user, sent);
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

/** @returns undefined where nothing more can be found out */
async function whoseKey(sent: Sent): Promise<User | "refused" | undefined> {
  try {
    return await sent.organisation.currentUser();
  } catch (error) {
    // The refusal is there to be told, whatever else fails now.
    return isRefusal(error) ? "refused" : undefined;
  }
}

type Where = Omit<Sent, "organisation"> & { readonly organisation: Pick<Organisation, "site"> };

/** Datadog knows the user, so that it is a permission that is missing. */
export function userRefused(error: Error, user: User, sent: Where): string {
  const { appKey } = sent.names;
  const who = `The key in ${appKey} belongs to the user ${shown(nameOf(user) ?? user.id)}.`;
  const [refusal, ...before] = refusalsIn(error).reverse();
  const words = refusal
    ? [
        `${refusedFor(refusal, sent)} ${who} If that is the right user, they lack the permission ${refusal.permission}, ` +
          `or the key's scopes leave it out. Otherwise set a different key in ${appKey}.`,
      ]
    : [messageOf(error), who];
  if (usesLastConfiguration(sent)) words.push(lastConfiguration);
  return words.join(" ") + before.map((earlier) => `\nRefused before that: ${earlier.brief}`).join("");
}

/** Datadog does not know the credentials, or not together, or not on this site. */
export function credentialsRefused(error: Error, sent: Where): string {
  const { names, apiUrl, organisation } = sent;
  const { site } = organisation;
  const refusals = refusalsIn(error);
  const last = refusals.at(-1);
  const scopes = last ? ` If it has scopes, do they include ${last.permission}?` : "";
  const steps = [
    ...(usesLastConfiguration(sent)
      ? ["Was the configuration changed since the last `pulumi up`? Then add --run-program, or run `pulumi up` first."]
      : []),
    `Is ${site} the site that your browser shows, and ${new URL(apiUrl).host} its API?`,
    `Is ${names.apiKey} an API key of that organisation, not revoked?`,
    `Is ${names.appKey} an application key of the same organisation, not revoked, of a user who is not disabled?${scopes}`,
  ];
  const first = last
    ? `Datadog refused ${names.apiKey} and ${names.appKey} on ${site}${forKey(sent)}: ${last.status} ${sentence(last.words)}`
    : `${messageOf(error)} Datadog refused ${names.apiKey} and ${names.appKey} altogether.`;
  const details = refusals.map(({ brief }) => `Refused: ${brief}`);
  return [`${first} Check in this order:`, ...steps.map((step, index) => `  ${index + 1}. ${step}`), ...details].join(
    "\n",
  );
}

/** The refusals that are all that an error says, in their order; none where it says something else too. */
function refusalsIn(error: Error): PermissionDeniedError[] {
  const all = error instanceof BothRefusedError ? [error.v1, error.v2] : [error];
  return all.filter((one) => one instanceof PermissionDeniedError);
}

function refusedFor(refusal: PermissionDeniedError, sent: Where): string {
  const { doing, status, words } = refusal;
  const about = sent.key !== undefined && doing.subject.includes(quoted(sent.key)) ? "" : forKey(sent);
  return `${status} ${doing.verb} ${doing.subject} on ${doing.site}${about}: ${sentence(words)}`;
}

function forKey({ key }: Where): string {
  return key === undefined ? "" : `, for ${quoted(key)}`;
}

/** Whether the credentials come from the configuration of an earlier command. */
function usesLastConfiguration({ withoutProgram, names }: Where): boolean {
  return withoutProgram && [names.apiKey, names.appKey].some((name) => name.includes(":"));
}
