import { PermissionDeniedError, isRefusal, sentence } from "../datadog/errors";
import { type User, nameOf, quoted, shown } from "../datadog/keys";
import type { Organisation } from "./observing/organisation";
import { BothRefusedError, LifecycleError, Unfinished, lastConfiguration, messageOf } from "./model/errors";

/** Where a request was refused, its key, and the kind of command. */
export interface Sent {
  readonly organisation: Organisation;
  /** The name of the call's key. Undefined for a key that is only read. */
  readonly key: string | undefined;
  /** Whether the engine has checked no key in this run, as in a refresh or destroy that does not run the program. */
  readonly withoutProgram: boolean;
}

const explained = new WeakSet<Organisation>();

/**
 * Explains the first refusal of a run: whose key does Datadog refuse, and do the two keys belong together? Asks Datadog
 * once for each set of credentials, and only after a failure.
 * @returns the error to throw instead
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

function isDenied(error: unknown): error is Error {
  if (error instanceof PermissionDeniedError) return true;
  return error instanceof Error && isDenied(error.cause);
}

/** @returns undefined if nothing more can be found out */
async function whoseKey(sent: Sent): Promise<User | "refused" | undefined> {
  try {
    return await sent.organisation.currentUser();
  } catch (error) {
    // The refusal must be reported even if this request fails too.
    return isRefusal(error) ? "refused" : undefined;
  }
}

type Where = Omit<Sent, "organisation"> & { readonly organisation: Pick<Organisation, "site" | "apiUrl" | "names"> };

/** Datadog accepts the user, so a permission is missing. */
export function userRefused(error: Error, user: User, sent: Where): string {
  const { appKey } = sent.organisation.names;
  const who = `The key in ${appKey} belongs to the user ${shown(nameOf(user) ?? user.id)}.`;
  const [refusal, ...before] = refusalsIn(error).reverse();
  const words = refusal
    ? [
        `${refusedFor(refusal, sent)} ${who} If that is the right user, they lack the permission ` +
          `${refusal.permission ?? "for it"}, or the key's scopes leave it out. Otherwise set a different key in ${appKey}.`,
      ]
    : [messageOf(error), who];
  if (usesLastConfiguration(sent)) words.push(lastConfiguration);
  return words.join(" ") + before.map((earlier) => `\nRefused before that: ${earlier.brief}`).join("");
}

/** Datadog does not accept the credentials at all, or not together, or not on this site. */
export function credentialsRefused(error: Error, sent: Where): string {
  const { site, apiUrl, names } = sent.organisation;
  const refusals = refusalsIn(error);
  const last = refusals.at(-1);
  const scopes = last?.permission === undefined ? "" : ` If it has scopes, do they include ${last.permission}?`;
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

/** The refusals in an error, in order. None if the error also has another cause. */
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
function usesLastConfiguration({ withoutProgram, organisation: { names } }: Where): boolean {
  return withoutProgram && [names.apiKey, names.appKey].some((name) => name.includes(":"));
}
