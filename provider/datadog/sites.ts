/**
 * Datadog's sites, by the names its own documentation and clients give them (`DD_SITE`).
 * @see https://docs.datadoghq.com/getting_started/site/
 */
export const sites = [
  "datadoghq.com",
  "us3.datadoghq.com",
  "us5.datadoghq.com",
  "datadoghq.eu",
  "ap1.datadoghq.com",
  "ap2.datadoghq.com",
  "uk1.datadoghq.com",
  "ddog-gov.com",
  "us2.ddog-gov.com",
] as const;

/** One of Datadog's {@link sites}: where an organisation's data and keys live. */
export type Site = (typeof sites)[number];

/** What a browser shows in its address bar where that is not the site's own name. */
export const webHosts: Readonly<Record<string, Site>> = {
  "app.datadoghq.com": "datadoghq.com",
  "app.datadoghq.eu": "datadoghq.eu",
  "app.ddog-gov.com": "ddog-gov.com",
};

const government: readonly Site[] = ["ddog-gov.com", "us2.ddog-gov.com"];

/** The site that a user named, by its own name or by its web host; undefined where it is neither. */
export function parseSite(text: string): Site | undefined {
  const name = text.trim().toLowerCase();
  return sites.find((site) => site === name) ?? (Object.hasOwn(webHosts, name) ? webHosts[name] : undefined);
}

/** On the Government sites the v1 key endpoints are disabled. */
export function servesV1(site: Site): boolean {
  return !government.includes(site);
}

/** The address of a site's API. */
export function apiUrlOf(site: Site): string {
  return `https://api.${site}`;
}
