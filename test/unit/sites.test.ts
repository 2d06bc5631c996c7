import { describe, expect, test } from "vitest";
import { apiUrlOf, servesV1 } from "../../provider/datadog/site-api";
import { nearestSite, parseSite } from "../../provider/datadog/site-names";
import { sites } from "../../provider/datadog/sites";

/** Datadog's own table (docs.datadoghq.com/getting_started/site): site, web host, address of the API. */
const table = [
  ["datadoghq.com", "app.datadoghq.com", "https://api.datadoghq.com"],
  ["us3.datadoghq.com", "us3.datadoghq.com", "https://api.us3.datadoghq.com"],
  ["us5.datadoghq.com", "us5.datadoghq.com", "https://api.us5.datadoghq.com"],
  ["datadoghq.eu", "app.datadoghq.eu", "https://api.datadoghq.eu"],
  ["ap1.datadoghq.com", "ap1.datadoghq.com", "https://api.ap1.datadoghq.com"],
  ["ap2.datadoghq.com", "ap2.datadoghq.com", "https://api.ap2.datadoghq.com"],
  ["uk1.datadoghq.com", "uk1.datadoghq.com", "https://api.uk1.datadoghq.com"],
  ["ddog-gov.com", "app.ddog-gov.com", "https://api.ddog-gov.com"],
  ["us2.ddog-gov.com", "us2.ddog-gov.com", "https://api.us2.ddog-gov.com"],
] as const;

describe("sites", () => {
  test("are the nine of Datadog's table", () => {
    expect([...sites]).toEqual(table.map(([site]) => site));
  });

  test.each(table)(
    "%s is known by its name and by its web host %s, in any case, and has its API at %s",
    (site, host, url) => {
      expect(parseSite(site)).toBe(site);
      expect(parseSite(host)).toBe(site);
      expect(parseSite(` ${host.toUpperCase()} `)).toBe(site);
      expect(apiUrlOf(site)).toBe(url);
      expect(servesV1(site)).toBe(!site.endsWith("ddog-gov.com"));
    },
  );

  test.each(["", "datadog.com", "api.datadoghq.com", "https://datadoghq.com", "constructor", "__proto__"])(
    "%j is none",
    (text) => {
      expect(parseSite(text)).toBeUndefined();
    },
  );

  test.each([
    ["datadog.com", "datadoghq.com"],
    ["datadog.eu", "datadoghq.eu"],
    ["us3.datadog.com", "us3.datadoghq.com"],
    ["us5.datadoghq.co", "us5.datadoghq.com"],
    ["app.datadog.eu", "datadoghq.eu"],
    ["ddog-gov", "ddog-gov.com"],
    ["US2.DDOG-GOV.CON", "us2.ddog-gov.com"],
  ])("%s is taken for %s", (text, meant) => {
    expect(nearestSite(text)).toBe(meant);
  });
});
