import type { Site } from "./sites";

const government: readonly Site[] = ["ddog-gov.com", "us2.ddog-gov.com"];

/** The v1 key endpoints are disabled on the Government sites. */
export function siteHasV1(site: Site): boolean {
  return !government.includes(site);
}

/** The address of a site's API. */
export function apiUrlOf(site: Site): string {
  return `https://api.${site}`;
}
