import { distance } from "fastest-levenshtein";
import { apiUrlOf } from "./site-api";
import { type Site, sites } from "./sites";

/**
 * How Datadog's own pages call its sites, in lower case.
 * @see https://docs.datadoghq.com/getting_started/site/
 */
const names: Readonly<Record<string, Site>> = {
  us1: "datadoghq.com",
  us3: "us3.datadoghq.com",
  us5: "us5.datadoghq.com",
  eu: "datadoghq.eu",
  eu1: "datadoghq.eu",
  ap1: "ap1.datadoghq.com",
  ap2: "ap2.datadoghq.com",
  uk1: "uk1.datadoghq.com",
  "us1-fed": "ddog-gov.com",
  "us2-fed": "us2.ddog-gov.com",
};

/** The longest first: `us3.datadoghq.com` also ends like `datadoghq.com`. */
const bySuffix = [...sites].sort((one, other) => other.length - one.length);

/**
 * The site that a user named: by Datadog's name of it (`US5`), its own name, a host of its web pages or its API, or a
 * company's subdomain, as an address or without `https://`; undefined where it is not certain what is meant.
 */
export function parseSite(text: string): Site | undefined {
  const host = hostIn(text);
  if (host === undefined) return undefined;
  if (Object.hasOwn(names, host)) return names[host];
  const site = siteBelow(host);
  // A part of the world that Datadog has no site in, or not under that domain: not a company, but a typing error.
  return site === undefined || labelsBefore(site, host).some(looksRegional) ? undefined : site;
}

/** The site that a misspelt name most likely meant. */
export function nearestSite(text: string): Site {
  const host = hostIn(text) ?? (hostWithin(text) ?? text).trim().toLowerCase();
  const labels = host.split(".");
  const named = labels.find((label) => Object.hasOwn(names, label));
  const known = named === undefined ? closest(host, labels) : names[named];
  return known ?? "datadoghq.com";
}

/** Only the end of a host is compared, so that a company's own label counts for nothing; a region does count. */
function closest(host: string, labels: readonly string[]): Site | undefined {
  const candidates: Record<string, Site> = Object.fromEntries(bySuffix.map((site) => [site, site]));
  if (labels.length === 1) Object.assign(candidates, names);
  const misfit = (candidate: string) => {
    const tail = labels.some(looksRegional) ? host : labels.slice(-candidate.split(".").length).join(".");
    return distance(tail, candidate);
  };
  const [nearest] = Object.entries(candidates).sort(([one], [other]) => misfit(one) - misfit(other));
  return nearest?.[1];
}

/** The host in a text that is not quite a site, without the user, the password, the path and the query of an address. */
export function hostWithin(text: string): string | undefined {
  const [authority = ""] = text
    .trim()
    .replace(/^[a-z]+:\/\//i, "")
    .split(/[/?#]/);
  const host = authority.slice(authority.lastIndexOf("@") + 1).replace(/:\d+$/, "");
  return /^[a-z0-9.-]{1,60}$/i.test(host) ? host : undefined;
}

/** Where the API is, for the host of one of Datadog's web pages; undefined for every other host. */
export function apiOfWebHost(host: string): string | undefined {
  const site = siteBelow(host);
  if (site === undefined) return undefined;
  const before = labelsBefore(site, host);
  if (before.length > 1 || before[0] === "api") return undefined;
  // A site that came after this release has its web pages where its name says.
  return before.some(looksRegional) ? `https://api.${host}` : apiUrlOf(site);
}

/** The site whose API answers at a host. */
export function siteOfApi(host: string): Site | undefined {
  return sites.find((site) => host === `api.${site}`);
}

function hostIn(text: string): string | undefined {
  return /^(?:https?:\/\/)?([a-z0-9.-]+)(?::443)?(?:[/?#].*)?$/.exec(text.trim().toLowerCase())?.[1];
}

function siteBelow(host: string): Site | undefined {
  return bySuffix.find((site) => host === site || host.endsWith(`.${site}`));
}

function labelsBefore(site: Site, host: string): string[] {
  return host === site ? [] : host.slice(0, -site.length - 1).split(".");
}

function looksRegional(label: string): boolean {
  return /^(?:us|eu|ap|uk|gov|fed|[a-z]{2}\d)$/.test(label);
}
