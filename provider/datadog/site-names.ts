import { distance } from "fastest-levenshtein";
import { apiUrlOf } from "./site-api";
import { type Site, sites } from "./sites";

/**
 * The names of the sites on Datadog's own pages, in lower case.
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

/** Longest first, because `us3.datadoghq.com` also ends with `datadoghq.com`. */
const bySuffix = [...sites].sort((one, other) => other.length - one.length);

/**
 * The site that a user means. Accepts Datadog's name for it (`US5`), the site itself, a host of its web pages or its
 * API, or a company's subdomain, with or without `https://`. Undefined if the meaning is uncertain.
 */
export function parseSite(text: string): Site | undefined {
  const host = hostIn(text);
  if (host === undefined) return undefined;
  if (Object.hasOwn(names, host)) return names[host];
  const site = siteBelow(host);
  // A region without a Datadog site, or one under another domain, is a typing error and not a company.
  return site === undefined || labelsBefore(site, host).some(looksRegional) ? undefined : site;
}

/** The most likely site for a misspelt name. */
export function nearestSite(text: string): Site {
  const host = hostIn(text) ?? (hostWithin(text) ?? text).trim().toLowerCase();
  const labels = host.split(".");
  const named = labels.find((label) => Object.hasOwn(names, label));
  const known = named === undefined ? closest(host, labels) : names[named];
  return known ?? "datadoghq.com";
}

/** Compares only the end of a host, so that a company's label does not count, but a region does. */
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

/** The host in a text, without the user, password, path and query of an address. */
export function hostWithin(text: string): string | undefined {
  const [authority = ""] = text
    .trim()
    .replace(/^[a-z]+:\/\//i, "")
    .split(/[/?#]/);
  const host = authority.slice(authority.lastIndexOf("@") + 1).replace(/:\d+$/, "");
  return /^[a-z0-9.-]{1,60}$/i.test(host) ? host : undefined;
}

/** The API's address for the host of one of Datadog's web pages, or undefined for any other host. */
export function apiOfWebHost(host: string): string | undefined {
  const site = siteBelow(host);
  if (site === undefined) return undefined;
  const before = labelsBefore(site, host);
  if (before.length > 1 || before[0] === "api") return undefined;
  // A site that is newer than this release has its web pages at the usual place.
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
