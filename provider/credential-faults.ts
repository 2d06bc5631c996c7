/** A value from the configuration or the environment, and its name in messages. */
export interface Found {
  readonly value: string;
  /** What was used, such as `datadog:apiKey` or `DD_API_KEY`. */
  readonly from: string;
  /** Why another source was not used: `datadog:apiKey is not set`, or `it goes before DD_API_KEY`. */
  readonly note?: string;
}

/** A reason, followed by notes about the sources that were not used. */
export function sourced(reason: string, ...found: readonly Found[]): string {
  const notes = found.flatMap(({ note }) => (note === undefined ? [] : [note]));
  return notes.length === 0 ? reason : `${reason} (${notes.join("; ")})`;
}

export interface Credentials {
  readonly apiKey: Found | undefined;
  readonly appKey: Found | undefined;
}

const apiKeyShape = "an API key (32 hex digits)";
const appKeyShape = "an application key (40 characters)";

/**
 * Finds what is certainly wrong with a pair of credentials. Accepts unknown formats, because Datadog has older ones and
 * may add new ones. Names only the sources, and never shows a value or a part of it.
 */
export function wrongCredentials({ apiKey, appKey }: Credentials): string[] {
  const unfit = [apiKey, appKey].flatMap((found) =>
    found && !/^[\w.~+/=:-]+$/.test(found.value)
      ? [sourced(`${found.from} holds characters that no Datadog key has`, found)]
      : [],
  );
  if (unfit.length > 0) return unfit;
  const together = apiKey && appKey && wrongTogether(apiKey, appKey);
  if (together !== undefined) return [together];
  const [api, app] = [kindOf(apiKey), kindOf(appKey)];
  return [
    ...(apiKey && api !== undefined && api !== "API key" ? [mistaken(apiKey, api, apiKeyShape)] : []),
    ...(appKey && (app === "id" || app === "API key") ? [mistaken(appKey, app, appKeyShape)] : []),
  ];
}

function wrongTogether(apiKey: Found, appKey: Found): string | undefined {
  if (apiKey.value === appKey.value) {
    const same = `${apiKey.from} and ${appKey.from} hold the same value: ${apiKeyShape} and ${appKeyShape} are needed`;
    return sourced(same, apiKey, appKey);
  }
  if (kindOf(apiKey) !== "application key" || kindOf(appKey) !== "API key") return undefined;
  const swapped =
    `${apiKey.from} holds what looks like ${appKeyShape}, and ${appKey.from} what looks like ${apiKeyShape}: ` +
    "swap them";
  return sourced(swapped, apiKey, appKey);
}

/**
 * Why an access token cannot create or change keys, though it can read and revoke them.
 * @see https://docs.datadoghq.com/account_management/personal-access-tokens/
 */
export function accessTokenFaults(appKey: Found | undefined): string[] {
  if (!appKey || kindOf(appKey) !== "access token") return [];
  const reason =
    `${appKey.from} holds an access token, and Datadog lets no access token create or update application keys: ` +
    `${appKeyShape} is needed. refresh, destroy and a run that changes no key work with the token`;
  return [sourced(reason, appKey)];
}

type Kind = "id" | "API key" | "application key" | "access token";

function kindOf(found: Found | undefined): Kind | undefined {
  const value = found?.value ?? "";
  if (/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(value)) return "id";
  if (/^[0-9a-f]{32}$/i.test(value)) return "API key";
  if (/^(ddapp_\w+|[0-9a-z]{40})$/i.test(value)) return "application key";
  return /^dd[ps]at_/.test(value) ? "access token" : undefined;
}

const looks: Readonly<Record<Kind, string>> = {
  id: "the id of a key (a UUID), not the key itself",
  "access token": "an access token",
  "API key": `what looks like ${apiKeyShape}`,
  "application key": `what looks like ${appKeyShape}`,
};

function mistaken(found: Found, kind: Kind, needed: string): string {
  return sourced(`${found.from} holds ${looks[kind]}: ${needed} is needed`, found);
}
