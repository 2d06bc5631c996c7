import { describe, expect, test } from "vitest";
import { configuredApiVersion, readSettings } from "../../provider/settings";

type Texts = Record<string, string>;
const read = (config: Texts, env: Texts, request = {}) => readSettings(request, (key) => config[key], env);
const env = { DD_API_KEY: "api", DD_APP_KEY: "app" };
const reasons = (config: Texts, variables: Texts, request = {}) =>
  read(config, variables, request).faults.map(({ property, reason }) => `${property}: ${reason}`);

describe("settings", () => {
  test("of the environment alone are enough", () => {
    expect(read({}, env)).toEqual({
      settings: { site: "datadoghq.com", apiUrl: "https://api.datadoghq.com", apiKey: "api", appKey: "app" },
      site: "datadoghq.com",
      faults: [],
    });
  });

  const sources: [string, "apiKey" | "appKey" | "site" | "apiUrl", Texts, string[]][] = [
    ["apiKey", "apiKey", { "datadog:apiKey": "1", DD_API_KEY: "2", DATADOG_API_KEY: "3" }, ["1", "2", "3"]],
    ["appKey", "appKey", { "datadog:appKey": "1", DD_APP_KEY: "2", DATADOG_APP_KEY: "3" }, ["1", "2", "3"]],
    [
      "apiUrl",
      "apiUrl",
      { "datadog:apiUrl": "https://a", DD_HOST: "https://b", DATADOG_HOST: "https://c" },
      ["https://a", "https://b", "https://c", "https://api.datadoghq.com"],
    ],
    [
      "site",
      "site",
      { "datadog:site": "datadoghq.eu", DD_SITE: "us3.datadoghq.com" },
      ["datadoghq.eu", "us3.datadoghq.com", "datadoghq.com"],
    ],
  ];
  test.each(sources)(
    "of %s come from the configuration, then from each variable in its order",
    (_, field, given, found) => {
      const left = Object.entries(given);
      for (const value of found) {
        const texts = Object.fromEntries(left);
        expect(read(texts, { ...without(env, field), ...texts }).settings?.[field]).toBe(value);
        // What is blank counts as not set.
        const [first] = left;
        if (first && left.length > 1) {
          const blank = { ...texts, [first[0]]: "  " };
          expect(read(blank, { ...without(env, field), ...blank }).settings?.[field]).toBe(
            found[found.indexOf(value) + 1],
          );
        }
        left.shift();
      }
    },
  );

  test("of a named connection come from its own configuration, and never from the environment", () => {
    const variables = { ...env, DD_SITE: "us3.datadoghq.com", DD_HOST: "https://elsewhere" };
    const config = { "datadog-eu:apiKey": "e", "datadog-eu:appKey": "f", "datadog-eu:site": "datadoghq.eu" };
    const others = { "datadog:apiKey": "x", "datadog:appKey": "y", "datadog:site": "x", "datadog:apiUrl": "x" };
    expect(read({ ...config, ...others }, variables, { connection: "eu" }).settings).toEqual({
      site: "datadoghq.eu",
      apiUrl: "https://api.datadoghq.eu",
      apiKey: "e",
      appKey: "f",
    });
    expect(reasons(others, variables, { connection: "eu" })).toEqual([
      "connection: no Datadog API key: set it with `pulumi config set --secret datadog-eu:apiKey`",
      "connection: no Datadog application key: set it with `pulumi config set --secret datadog-eu:appKey`",
    ]);
  });

  test("that are missing are named with the configuration's key and the variable", () => {
    expect(reasons({}, {})).toEqual([
      ": no Datadog API key: set it with `pulumi config set --secret datadog:apiKey`, or in the environment variable DD_API_KEY",
      ": no Datadog application key: set it with `pulumi config set --secret datadog:appKey`, or in the environment variable DD_APP_KEY",
    ]);
  });

  test.each(["a b", "a\nb", "ключ", "a\u0000"])("refuse the credential %j without showing it", (apiKey) => {
    expect(reasons({ "datadog:apiKey": apiKey }, env)).toEqual([
      ": datadog:apiKey holds characters that no Datadog key has",
    ]);
  });

  test("lose the spaces and the line's end around a credential", () => {
    expect(read({ "datadog:apiKey": " key\n" }, env).settings?.apiKey).toBe("key");
  });

  test("take the argument's site before the configuration's, and tell a wrong one with its source", () => {
    expect(read({ "datadog:site": "nonsense" }, env, { site: "app.ddog-gov.com" }).site).toBe("ddog-gov.com");
    expect(reasons({}, env, { site: "datadog.com" })).toEqual([
      expect.stringMatching(/^site: "datadog.com" \(from the argument site\).*did you mean datadoghq.com\?/),
    ]);
    expect(reasons({ "datadog:site": "x" }, env)).toEqual([expect.stringContaining("(from datadog:site)")]);
    expect(reasons({}, { ...env, DD_SITE: "x" })).toEqual([expect.stringContaining("(from DD_SITE)")]);
  });

  test.each([
    ["https://proxy.example.com/", "https://proxy.example.com"],
    ["https://proxy.example.com:8443/datadog//", "https://proxy.example.com:8443/datadog"],
    ["HTTPS://Proxy.example.com", "https://proxy.example.com"],
    ["http://127.0.0.1:8126", "http://127.0.0.1:8126"],
    ["http://127.9.9.9", "http://127.9.9.9"],
    ["http://2130706433", "http://127.0.0.1"],
    ["http://localhost:1/", "http://localhost:1"],
    ["http://LOCALHOST", "http://localhost"],
    ["http://[::1]:1", "http://[::1]:1"],
  ])("take the address %s", (text, apiUrl) => {
    expect(read({ "datadog:apiUrl": text }, env).settings?.apiUrl).toBe(apiUrl);
  });

  test.each([
    ["http://api.datadoghq.com", /is plain http to api.datadoghq.com/],
    ["http://127.0.0.1.example.com", /is plain http/],
    ["http://localhost.example.com", /is plain http/],
    ["http://0.0.0.0", /is plain http/],
    ["http://10.0.0.1", /is plain http/],
    ["http://[::]", /is plain http/],
    ["http://[::2]", /is plain http/],
    ["api.datadoghq.com", /is not a URL/],
    ["https://", /is not a URL/],
    ["ftp://example.com", /must begin with https/],
    ["javascript:alert(1)", /must begin with https/],
    ["https://user:geheim@example.com", /must not hold a user name or a password/],
    ["https://geheim@example.com", /must not hold a user name or a password/],
    ["https://example.com/?key=geheim", /must not hold a query/],
    ["https://example.com/#geheim", /must not hold a query or a fragment/],
  ])("refuse the address %s, wherever it comes from, and show nothing that may be a password", (text, reason) => {
    for (const [config, variables, from] of [
      [{ "datadog:apiUrl": text }, env, "datadog:apiUrl"],
      [{}, { ...env, DD_HOST: text }, "DD_HOST"],
      [{}, { ...env, DATADOG_HOST: text }, "DATADOG_HOST"],
    ] as [Texts, Texts, string][]) {
      const { faults, settings } = read(config, variables);
      expect(settings).toBeUndefined();
      expect(faults).toEqual([{ property: "", reason: expect.stringMatching(reason) as string }]);
      expect(faults[0]?.reason.startsWith(`${from} `)).toBe(true);
      expect(JSON.stringify(faults)).not.toContain("geheim");
    }
  });

  test("ask for a version by the configuration only", () => {
    expect(configuredApiVersion(undefined, (key) => ({ "datadog:apiVersion": "v2" })[key])).toBe("v2");
    expect(configuredApiVersion("eu", (key) => ({ "datadog:apiVersion": "v2" })[key])).toBeUndefined();
    expect(configuredApiVersion("eu", (key) => ({ "datadog-eu:apiVersion": "v1" })[key])).toBe("v1");
  });
});

/** The environment without the variable that a field would otherwise be found in. */
function without(variables: Texts, field: string): Texts {
  return Object.fromEntries(
    Object.entries(variables).filter(([name]) => name !== { apiKey: "DD_API_KEY", appKey: "DD_APP_KEY" }[field]),
  );
}
