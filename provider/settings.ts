import { createHash } from "node:crypto";
import { baseOf, unfitForApi } from "./api-url";
import { type Credentials, type Found, accessTokenFaults, sourced, wrongCredentials } from "./credential-faults";
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

/** Where a connection's keys live and how to reach them. Holds credentials, so never log or store it. */
export interface Settings {
  readonly site: Site;
  /** Base address of the API, without a trailing slash. */
  readonly apiUrl: string;
  readonly apiKey: string;
  readonly appKey: string;
  /** Where they come from, for messages. */
  readonly names: SettingNames;
}

/**
 * A hash of the address and the API key. An API key belongs to one organisation for its whole life, so an equal
 * fingerprint means the same organisation. A different fingerprint proves nothing, because API keys are rotated too.
 */
export function credentialsFingerprintOf({ apiUrl, apiKey }: Pick<Settings, "apiUrl" | "apiKey">): string {
  return createHash("sha256").update(`${apiUrl}\n${apiKey}`).digest("hex").slice(0, 12);
}

/** Why settings cannot be used, and the resource's argument that causes it ("" if none does). */
export interface SettingsFault {
  readonly property: string;
  readonly reason: string;
}

/** What the arguments of a resource say about its settings. */
export interface SettingsRequest {
  /** `undefined` where the argument was not given. */
  readonly site?: string | undefined;
  readonly connection?: string | undefined;
  /** The program's site is not known yet, or wrong, so no other source of a site counts. */
  readonly siteComesLater?: boolean;
}

export interface SettingsResult {
  /** Present where there is no fault. */
  readonly settings?: Settings;
  /** Present where the site's name is right, whatever else is wrong. */
  readonly site?: Site;
  readonly faults: readonly SettingsFault[];
  /** Present where the configured address is the API of another site. */
  readonly wrongAddress?: SettingsFault;
  /** Why keys cannot be created or changed. Includes {@link wrongAddress}. */
  readonly faultsIfWriting: readonly SettingsFault[];
}

interface Source {
  readonly config: string;
  readonly variables: readonly string[];
}

/** The environment can describe only one organisation, so named connections do not use it. */
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

/** Collects the settings, and everything that is wrong with them. */
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
  let wrongAddress: SettingsFault | undefined;
  if (given && !request.siteComesLater) {
    // The engine prints the argument's value, and there is none if the site comes from elsewhere.
    const ofSite = under(request.site === undefined ? property : "site");
    if (!site) faults.push(ofSite(noSite(given)));
    else if (url && addressOf !== undefined && addressOf !== site)
      wrongAddress = ofSite(otherSite(given, site, url, addressOf));
  }

  const faultsIfWriting = [
    ...accessTokenFaults(appKey).map(under(property)),
    ...(wrongAddress === undefined ? [] : [wrongAddress]),
  ];
  const result = { ...defined({ site, wrongAddress }), faults, faultsIfWriting };
  if (faults.length > 0 || !apiKey || !appKey || !site) return result;
  const settings = {
    site,
    apiUrl: url ? baseOf(url.value) : apiUrlOf(site),
    apiKey: apiKey.value,
    appKey: appKey.value,
    names: { apiKey: apiKey.from, appKey: appKey.from, apiUrl: url?.from ?? sources.apiUrl.config },
  };
  return { ...result, settings };
}

/** The configured version, unchecked. The caller checks it. */
export function configuredApiVersion(connection: string | undefined, config: ReadConfig): string | undefined {
  return lookUp(sourcesOf(connection).apiVersion, config, {})?.value;
}

/** The configuration key that sets the version. */
export function apiVersionKey(connection: string | undefined): string {
  return sourcesOf(connection).apiVersion.config;
}

/**
 * The site of a state. States of 0.2.0 and before have no `__resource`. Without a configured site they used
 * datadoghq.com, even if the configured address was another site's API.
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

/** Shows only what can be a host name. People paste whole addresses, which may hold a password or a token. */
function shownHost(text: string): string {
  const host = hostWithin(text);
  const isName = host !== undefined && (host.includes(".") || host === text.trim());
  return isName ? shown(redact(host, [])) : "a value that is not shown, because it may hold a secret,";
}

function otherSite(given: Found, site: Site, url: Found, served: Site): string {
  const reason = `${url.from} is the address of ${served}, and ${given.from} says ${site}: leave one of the two out`;
  return sourced(reason, url, given);
}
