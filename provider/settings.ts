import { defined } from "./defined";
import { apiUrlOf } from "./datadog/site-api";
import { nearestSite, parseSite } from "./datadog/site-names";
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
}

export interface SettingsResult {
  /** Present where there is no fault. */
  readonly settings?: Settings;
  /** Present where the site's name is right, whatever else is wrong. */
  readonly site?: Site;
  readonly faults: readonly SettingsFault[];
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
    site: source("site", "DD_SITE"),
    apiUrl: source("apiUrl", "DD_HOST", "DATADOG_HOST"),
    apiVersion: source("apiVersion"),
  };
}

function lookUp(source: Source, config: ReadConfig, env: Environment): { value: string; from: string } | undefined {
  const configured = config(source.config)?.trim();
  if (configured) return { value: configured, from: source.config };
  for (const variable of source.variables) {
    const value = env[variable]?.trim();
    if (value) return { value, from: variable };
  }
  return undefined;
}

/** Collects what the configuration and the environment say, and everything that is wrong with it. */
export function readSettings(request: SettingsRequest, config: ReadConfig, env: Environment): SettingsResult {
  const sources = sourcesOf(request.connection);
  const faults: SettingsFault[] = [];
  const credential = (source: Source, what: string) => {
    const found = lookUp(source, config, env);
    const fault = found ? unfitForHeader(found) : missing(source, what);
    if (fault) faults.push({ property: request.connection === undefined ? "" : "connection", reason: fault });
    return found?.value;
  };
  const apiKey = credential(sources.apiKey, "API key");
  const appKey = credential(sources.appKey, "application key");

  const site = chooseSite(request, sources.site, config, env, faults);
  const url = lookUp(sources.apiUrl, config, env);
  const apiUrl = url ? parseApiUrl(url, faults) : site && apiUrlOf(site);

  if (faults.length > 0 || !apiKey || !appKey || !site || !apiUrl) return defined({ site, faults });
  return { settings: { site, apiUrl, apiKey, appKey }, site, faults };
}

/** The version that the configuration asks for, whatever it is; the caller says whether it is a right one. */
export function configuredApiVersion(connection: string | undefined, config: ReadConfig): string | undefined {
  return lookUp(sourcesOf(connection).apiVersion, config, {})?.value;
}

function missing(source: Source, what: string): string {
  const variable = source.variables[0];
  return (
    `no Datadog ${what}: set it with \`pulumi config set --secret ${source.config}\`` +
    (variable ? `, or in the environment variable ${variable}` : "")
  );
}

function unfitForHeader({ value, from }: { value: string; from: string }): string | undefined {
  return /^[\x21-\x7e]+$/.test(value) ? undefined : `${from} holds characters that no Datadog key has`;
}

function chooseSite(
  request: SettingsRequest,
  source: Source,
  config: ReadConfig,
  env: Environment,
  faults: SettingsFault[],
): Site | undefined {
  const found =
    request.site === undefined ? lookUp(source, config, env) : { value: request.site, from: "the argument site" };
  if (!found) return "datadoghq.com";
  const site = parseSite(found.value);
  if (!site) {
    const reason =
      `${JSON.stringify(found.value)} (from ${found.from}) is not a Datadog site: ` +
      `did you mean ${nearestSite(found.value)}? The sites are ${sites.join(", ")}`;
    faults.push({ property: "site", reason });
  }
  return site;
}

function parseApiUrl({ value, from }: { value: string; from: string }, faults: SettingsFault[]): string | undefined {
  const fault = unfitForApi(value);
  if (fault !== undefined) {
    // The text itself is not shown: a mistyped address may hold a password.
    faults.push({ property: "", reason: `${from} ${fault}` });
    return undefined;
  }
  const { origin, pathname } = new URL(value);
  return origin + pathname.replace(/\/+$/, "");
}

function unfitForApi(value: string): string | undefined {
  if (!URL.canParse(value)) return "is not a URL: write it as https://host, or http://127.0.0.1:8126 for the sandbox";
  const url = new URL(value);
  if (url.protocol !== "https:" && url.protocol !== "http:")
    return "must begin with https:// (or http:// on a loopback address)";
  if (url.username || url.password) return "must not hold a user name or a password";
  if (url.search || url.hash) return "must not hold a query or a fragment";
  if (url.protocol === "http:" && !isLoopback(url.hostname))
    return (
      `is plain http to ${url.hostname}: credentials would travel in the clear. ` +
      "Use https://; http:// is for loopback addresses only"
    );
  return undefined;
}

function isLoopback(hostname: string): boolean {
  // The URL parser has already brought every spelling of an IPv4 address to four decimal numbers.
  return hostname === "localhost" || hostname === "[::1]" || /^127\.\d+\.\d+\.\d+$/.test(hostname);
}
