import { createHash } from "node:crypto";
import { baseOf, unfitForApi } from "./api-url";
import { type Credentials, type Found, onlyReads, sourced, wrongCredentials } from "./credentials";
import { defined } from "./defined";
import type { SettingNames } from "./datadog/errors";
import { shown } from "./datadog/keys";
import { redact } from "./datadog/redact";
import { apiUrlOf } from "./datadog/site-api";
import { hostWithin, nearestSite, parseSite, siteOfApi } from "./datadog/site-names";
import { type Site, sites } from "./datadog/sites";

/** Reads one value of the stack's configuration, decrypted; undefined where it is not set. */
export type ReadConfig = (key: string) => string | undefined;

/** The environment of the provider process. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** Where a connection's keys live and how to get at them. Holds credentials: never log it, never store it. */
export interface Settings {
  readonly site: Site;
  /** Base address of the API, without a slash at its end. */
  readonly apiUrl: string;
  readonly apiKey: string;
  readonly appKey: string;
  /** Where they come from, for messages. */
  readonly names: SettingNames;
}

/**
 * Names address and API key without telling them. An API key belongs to one organisation for its whole life, so the same
 * fingerprint means the same organisation. Another one means nothing: API keys are rotated too.
 */
export function fingerprintOf({ apiUrl, apiKey }: Pick<Settings, "apiUrl" | "apiKey">): string {
  return createHash("sha256").update(`${apiUrl}\n${apiKey}`).digest("hex").slice(0, 12);
}

/** Why settings cannot be used, and the argument of the resource that it belongs to ("" where it belongs to none). */
export interface SettingsFault {
  readonly property: string;
  readonly reason: string;
}

/** What the arguments of a resource say about its settings. */
export interface SettingsRequest {
  /** `undefined` where the argument was not given. */
  readonly site?: string | undefined;
  readonly connection?: string | undefined;
  /** The program gives a site that cannot be used yet: whatever else names one does not count. */
  readonly siteComesLater?: boolean;
}

export interface SettingsResult {
  /** Present where there is no fault. */
  readonly settings?: Settings;
  /** Present where the site's name is right, whatever else is wrong. */
  readonly site?: Site;
  readonly faults: readonly SettingsFault[];
  /** What stands in the way of making and changing keys, though not of reading and revoking them. */
  readonly faultsOfWriting: readonly SettingsFault[];
}

interface Source {
  readonly config: string;
  readonly variables: readonly string[];
}

/** The environment speaks of one organisation only, so it is no source for a named connection. */
function sourcesOf(connection: string | undefined) {
  const namespace = connection === undefined ? "datadog" : `datadog-${connection}`;
  const source = (key: string, ...variables: string[]): Source => ({
    config: `${namespace}:${key}`,
    variables: connection === undefined ? variables : [],
  });
  return {
    apiKey: source("apiKey", "DD_API_KEY", "DATADOG_API_KEY"),
    appKey: source("appKey", "DD_APP_KEY", "DATADOG_APP_KEY"),
    site: source("site", "DD_SITE", "DATADOG_SITE"),
    apiUrl: source("apiUrl", "DD_HOST", "DATADOG_HOST"),
    apiVersion: source("apiVersion"),
  };
}

function lookUp({ config: key, variables }: Source, config: ReadConfig, env: Environment): Found | undefined {
  const set = variables.flatMap((name) => {
    const value = env[name]?.trim();
    return value ? [{ name, value }] : [];
  });
  const [variable] = set;
  const configured = config(key)?.trim();
  if (configured) return { value: configured, from: key, ...(variable && { note: `it goes before ${variable.name}` }) };
  return variable && { value: variable.value, from: variable.name, note: `${key} is not set` };
}

/** Collects what the configuration and the environment say, and everything that is wrong with it. */
export function readSettings(request: SettingsRequest, config: ReadConfig, env: Environment): SettingsResult {
  const sources = sourcesOf(request.connection);
  const found = (source: Source) => lookUp(source, config, env);
  const [apiKey, appKey, url] = [found(sources.apiKey), found(sources.appKey), found(sources.apiUrl)];
  const unfit = url && unfitForApi(url.value);
  const addressOf = url && unfit === undefined ? siteOfApi(new URL(url.value).host) : undefined;
  const given = request.site === undefined ? found(sources.site) : { value: request.site, from: "the argument site" };
  const site = given ? parseSite(given.value) : (addressOf ?? "datadoghq.com");

  const property = request.connection === undefined ? "" : "connection";
  const under = (property: string) => (reason: string) => ({ property, reason });
  const faults = [
    ...missing(sources, { apiKey, appKey }),
    ...wrongCredentials({ apiKey, appKey }),
    ...(url && unfit !== undefined ? [sourced(`${url.from} ${unfit}`, url)] : []),
  ].map(under(property));
  const faultsOfWriting = onlyReads(appKey).map(under(property));
  if (given && !request.siteComesLater) {
    // The engine prints the argument's value, which is none where the site comes from elsewhere.
    const ofSite = under(request.site === undefined ? property : "site");
    if (!site) faults.push(ofSite(noSite(given)));
    else if (url && addressOf !== undefined && addressOf !== site)
      faultsOfWriting.push(ofSite(otherSite(given, site, url, addressOf)));
  }

  if (faults.length > 0 || !apiKey || !appKey || !site) return defined({ site, faults, faultsOfWriting });
  const settings = {
    site,
    apiUrl: url ? baseOf(url.value) : apiUrlOf(site),
    apiKey: apiKey.value,
    appKey: appKey.value,
    names: { apiKey: apiKey.from, appKey: appKey.from, apiUrl: url?.from ?? sources.apiUrl.config },
  };
  return { settings, site, faults, faultsOfWriting };
}

/** The version that the configuration asks for, whatever it is; the caller says whether it is a right one. */
export function configuredApiVersion(connection: string | undefined, config: ReadConfig): string | undefined {
  return lookUp(sourcesOf(connection).apiVersion, config, {})?.value;
}

/** Where the configuration asks for a version. */
export function apiVersionKey(connection: string | undefined): string {
  return sourcesOf(connection).apiVersion.config;
}

/**
 * The site of a state. Before the state had `__resource`, the site was datadoghq.com wherever nothing named one, also where
 * the configured address was another site's API.
 */
export function actualSite<S extends Site | undefined>(
  state: { readonly site: S; readonly connection?: string | undefined; readonly __resource?: unknown },
  config: ReadConfig,
  env: Environment,
): S | Site {
  if (state.site !== "datadoghq.com" || state.__resource !== undefined) return state.site;
  const url = lookUp(sourcesOf(state.connection).apiUrl, config, env);
  if (!url || unfitForApi(url.value) !== undefined) return state.site;
  return siteOfApi(new URL(url.value).host) ?? state.site;
}

function missing(sources: ReturnType<typeof sourcesOf>, found: Credentials): string[] {
  const reasons = [
    ...(found.apiKey ? [] : [howToSet(sources.apiKey, "API key")]),
    ...(found.appKey ? [] : [howToSet(sources.appKey, "application key")]),
  ];
  const last = reasons.pop();
  if (last === undefined) return [];
  const note = ". The provider is another process: variables that the program sets (dotenv) do not reach it";
  return [...reasons, last + (sources.apiKey.variables.length > 0 ? note : "")];
}

function howToSet({ config, variables: [variable] }: Source, what: string): string {
  return (
    `no Datadog ${what}: set it with \`pulumi config set --secret ${config}\`` +
    (variable ? `, or as ${variable} in the environment of pulumi` : "")
  );
}

function noSite(given: Found): string {
  const reason =
    `${shownHost(given.value)} (from ${given.from}) is not a Datadog site: ` +
    `did you mean ${nearestSite(given.value)}? The sites are ${sites.join(", ")}`;
  return sourced(reason, given);
}

/** Only what may be the name of a host: people paste whole addresses, which may hold a password or a token. */
function shownHost(text: string): string {
  const host = hostWithin(text);
  const isName = host !== undefined && (host.includes(".") || host === text.trim());
  return isName ? shown(redact(host, [])) : "a value that is not shown, because it may hold a secret,";
}

function otherSite(given: Found, site: Site, url: Found, served: Site): string {
  const reason = `${url.from} is the address of ${served}, and ${given.from} says ${site}: leave one of the two out`;
  return sourced(reason, url, given);
}
