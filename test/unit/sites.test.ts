import { describe, expect, test } from "vitest";
import { apiUrlOf, siteHasV1 } from "../../provider/datadog/site-api";
import { apiOfWebHost, nearestSite, parseSite, siteOfApi } from "../../provider/datadog/site-names";
import { sites } from "../../provider/datadog/sites";

/** Datadog's table (docs.datadoghq.com/getting_started/site): name, site, web host, address of the API. */
const table = [
  ["US1", "datadoghq.com", "app.datadoghq.com", "https://api.datadoghq.com"],
  ["US3", "us3.datadoghq.com", "us3.datadoghq.com", "https://api.us3.datadoghq.com"],
  ["US5", "us5.datadoghq.com", "us5.datadoghq.com", "https://api.us5.datadoghq.com"],
  ["EU1", "datadoghq.eu", "app.datadoghq.eu", "https://api.datadoghq.eu"],
  ["AP1", "ap1.datadoghq.com", "ap1.datadoghq.com", "https://api.ap1.datadoghq.com"],
  ["AP2", "ap2.datadoghq.com", "ap2.datadoghq.com", "https://api.ap2.datadoghq.com"],
  ["UK1", "uk1.datadoghq.com", "uk1.datadoghq.com", "https://api.uk1.datadoghq.com"],
  ["US1-FED", "ddog-gov.com", "app.ddog-gov.com", "https://api.ddog-gov.com"],
  ["US2-FED", "us2.ddog-gov.com", "us2.ddog-gov.com", "https://api.us2.ddog-gov.com"],
] as const;

describe("sites", () => {
  test("are the nine in Datadog's table", () => {
    expect([...sites]).toEqual(table.map(([, site]) => site));
  });

  test.each(table)(
    "%s, %s, is recognised by each of its names and hosts, in upper or lower case",
    (name, site, host, url) => {
      for (const text of [
        name,
        site,
        host,
        url,
        `https://${host}/`,
        `https://${host}/organization-settings/users?q=1#a`,
      ])
        for (const form of [text, text.toUpperCase(), text.toLowerCase(), ` ${text}\n`])
          expect(parseSite(form), form).toBe(site);
      expect(apiUrlOf(site)).toBe(url);
      expect(siteHasV1(site)).toBe(!site.endsWith("ddog-gov.com"));
    },
  );

  test("EU is EU1", () => {
    expect(parseSite("EU")).toBe("datadoghq.eu");
  });

  test.each(table.filter(([, site, host]) => site !== host || site.startsWith("us3")))(
    "a company's own subdomain of %s, %s, means that site",
    (_, site) => {
      expect(parseSite(`acme.${site}`)).toBe(site);
      expect(parseSite(`https://Acme-Corp.${site}/logs`)).toBe(site);
      expect(apiOfWebHost(`acme.${site}`)).toBe(apiUrlOf(site));
    },
  );

  test.each([
    "",
    "datadog.com",
    "constructor",
    "__proto__",
    "toString",
    "acmedatadoghq.com",
    "datadoghq.com.evil.example",
    "https://datadoghq.com@evil.example",
    "ftp://datadoghq.com",
    // These names of regions have no site.
    "us4.datadoghq.com",
    "eu.datadoghq.com",
    "eu1.datadoghq.com",
    "api.eu2.datadoghq.com",
  ])("%j is not a site", (text) => {
    expect(parseSite(text)).toBeUndefined();
  });

  test.each([
    ["datadog.com", "datadoghq.com"],
    ["datadog.eu", "datadoghq.eu"],
    ["us3.datadog.com", "us3.datadoghq.com"],
    ["us5.datadoghq.co", "us5.datadoghq.com"],
    ["us5.datadoghq.eu", "us5.datadoghq.com"],
    ["us4.datadoghq.com", "us3.datadoghq.com"],
    ["eu.datadoghq.com", "datadoghq.eu"],
    ["us1.datadoghq.com", "datadoghq.com"],
    ["app.datadog.eu", "datadoghq.eu"],
    ["acme.datadog.com", "datadoghq.com"],
    ["acme.datadog.eu", "datadoghq.eu"],
    ["a-company-of-a-very-long-name.datadoghq.con", "datadoghq.com"],
    ["https://acme.datadog.eu/", "datadoghq.eu"],
    ["ddog-gov", "ddog-gov.com"],
    ["US2.DDOG-GOV.CON", "us2.ddog-gov.com"],
    ["US-5", "us5.datadoghq.com"],
    ["US-FED", "ddog-gov.com"],
    ["AP3", "ap1.datadoghq.com"],
  ])("%s is close to %s", (text, meant) => {
    expect(parseSite(text)).toBeUndefined();
    expect(nearestSite(text)).toBe(meant);
  });
});

describe("hosts", () => {
  test.each(table)("of %s, %s: its web pages at %s have their API at %s", (_, site, host, url) => {
    expect(apiOfWebHost(host)).toBe(url);
    expect(apiOfWebHost(site)).toBe(url);
    expect(apiOfWebHost(new URL(url).host)).toBeUndefined();
    expect(siteOfApi(new URL(url).host)).toBe(site);
    expect(siteOfApi(host)).toBeUndefined();
  });

  test("of an unknown site are not changed, except for its web pages", () => {
    expect(apiOfWebHost("api.us9.datadoghq.com")).toBeUndefined();
    expect(apiOfWebHost("us9.datadoghq.com")).toBe("https://api.us9.datadoghq.com");
    expect(apiOfWebHost("datadog.example.com")).toBeUndefined();
    expect(apiOfWebHost("127.0.0.1")).toBeUndefined();
  });
});
