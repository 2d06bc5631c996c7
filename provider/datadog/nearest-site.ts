import { closest } from "fastest-levenshtein";
import { type Site, parseSite, sites, webHosts } from "./sites";

/** The site that a misspelt name most likely meant. */
export function nearestSite(text: string): Site {
  const near = closest(text.trim().toLowerCase(), [...sites, ...Object.keys(webHosts)]);
  return parseSite(near) ?? "datadoghq.com";
}
