import { closest } from "fastest-levenshtein";
import { type Site, sites } from "./sites";

/** What a browser shows in its address bar where that is not the site's own name. */
const webHosts: Readonly<Record<string, Site>> = {
  "app.datadoghq.com": "datadoghq.com",
  "app.datadoghq.eu": "datadoghq.eu",
  "app.ddog-gov.com": "ddog-gov.com",
};

/** The site that a user named, by its own name or by its web host; undefined where it is neither. */
export function parseSite(text: string): Site | undefined {
  const name = text.trim().toLowerCase();
  return sites.find((site) => site === name) ?? (Object.hasOwn(webHosts, name) ? webHosts[name] : undefined);
}

/** The site that a misspelt name most likely meant. */
export function nearestSite(text: string): Site {
  const near = closest(text.trim().toLowerCase(), [...sites, ...Object.keys(webHosts)]);
  return parseSite(near) ?? "datadoghq.com";
}
