import { describe, expect, test } from "vitest";
import { actualSite, configuredApiVersion, readSettings } from "../../provider/settings";

type Texts = Record<string, string>;
const read = (config: Texts, env: Texts, request = {}) => readSettings(request, (key) => config[key], env);
const env = { DD_API_KEY: "api", DD_APP_KEY: "app" };
const reasons = (config: Texts, variables: Texts, request = {}) =>
  read(config, variables, request).faults.map(({ property, reason }) => `${property}: ${reason}`);

describe("settings", () => {
  test("may come from the environment alone", () => {
    expect(read({}, env)).toEqual({
      settings: {
        site: "datadoghq.com",
        apiUrl: "https://api.datadoghq.com",
        apiKey: "api",
        appKey: "app",
        names: { apiKey: "DD_API_KEY", appKey: "DD_APP_KEY", apiUrl: "datadog:apiUrl" },
      },
      site: "datadoghq.com",
      faults: [],
      faultsIfWriting: [],
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
      { "datadog:site": "datadoghq.eu", DD_SITE: "us3.datadoghq.com", DATADOG_SITE: "us5.datadoghq.com" },
      ["datadoghq.eu", "us3.datadoghq.com", "us5.datadoghq.com", "datadoghq.com"],
    ],
  ];
  test.each(sources)(
    "of %s come from the configuration, then from the variables in order",
    (_, field, given, found) => {
      const left = Object.entries(given);
      for (const value of found) {
        const texts = Object.fromEntries(left);
        expect(read(texts, { ...without(env, field), ...texts }).settings?.[field]).toBe(value);
        // A blank value counts as missing.
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
      names: { apiKey: "datadog-eu:apiKey", appKey: "datadog-eu:appKey", apiUrl: "datadog-eu:apiUrl" },
    });
    expect(reasons(others, variables, { connection: "eu" })).toEqual([
      "connection: no Datadog API key: set it with `pulumi config set --secret datadog-eu:apiKey`",
      "connection: no Datadog application key: set it with `pulumi config set --secret datadog-eu:appKey`",
    ]);
  });

  test("that are missing are reported with the configuration key and the variable", () => {
    expect(reasons({}, {})).toEqual([
      ": no Datadog API key: set it with `pulumi config set --secret datadog:apiKey`, or as DD_API_KEY in the environment of pulumi",
      ": no Datadog application key: set it with `pulumi config set --secret datadog:appKey`, or as DD_APP_KEY in the environment of pulumi. " +
        "The provider is another process: variables that the program sets (dotenv) do not reach it",
    ]);
  });

  test.each([
    [{ DD_API_KEY: "a" }, "no Datadog application key"],
    [{ DD_APP_KEY: "a" }, "no Datadog API key"],
  ])("that are missing cause one hint that variables set by the program do not count: %j", (variables, what) => {
    expect(reasons({}, variables)).toEqual([
      expect.stringMatching(new RegExp(`^: ${what}.*dotenv.* do not reach it$`)),
    ]);
  });

  test("that are missing for a named connection are reported without variables", () => {
    expect(reasons({}, {}, { connection: "eu" }).join()).not.toMatch(/dotenv|process/);
  });

  const unfit = ["a b", "a\nb", "ключ", "a\u0000", '"quoted"', "'quoted'", "${KEY}", "<key>"];
  test.each(unfit)("refuse the credential %j without showing it", (apiKey) => {
    expect(reasons({ "datadog:apiKey": apiKey }, env)).toEqual([
      ": datadog:apiKey holds characters that no Datadog key has (it goes before DD_API_KEY)",
    ]);
  });

  describe("with credentials of the wrong kind", () => {
    const [api, app] = ["0123456789abcdef0123456789abcdef", "ddapp_0123456789ABCDEFGHIJabcdefghij0123"];
    const [older, uuid] = ["0123456789abcdef0123456789abcdef01234567", "0b1f7ad5-6c2e-4f5e-9d8a-3c1b2a4d5e6f"];
    const [token, service] = ["ddpat_0123456789abcdef", "ddsat_0123456789abcdef"];
    const apiIs = (what: string) =>
      new RegExp(`^: DD_API_KEY holds ${what}.*: an API key \\(32.* \\(datadog:apiKey is not set\\)$`);
    const appIs = (what: string) =>
      new RegExp(`^: DD_APP_KEY holds ${what}.*: an application key \\(40.* \\(datadog:appKey is not set\\)$`);
    const cases: [string, string, string, RegExp[]][] = [
      ["an id as application key", api, uuid, [appIs("the id of a key \\(a UUID\\), not the key itself")]],
      ["an id as API key", uuid.toUpperCase(), app, [apiIs("the id of a key \\(a UUID\\), not the key itself")]],
      [
        "both swapped",
        app,
        api,
        [/^: DD_API_KEY .* like an application key .*, and DD_APP_KEY .* like an API key .* swap/],
      ],
      [
        "both swapped, of the older kind",
        older,
        api,
        [/swap them \(datadog:apiKey is not set; datadog:appKey is not set\)$/],
      ],
      ["one API key twice", api, api, [/^: DD_API_KEY and DD_APP_KEY hold the same value/]],
      ["one application key twice", app, app, [/hold the same value/]],
      ["one value of another kind twice", "x", "x", [/hold the same value/]],
      ["another API key as application key", api, "f".repeat(32), [appIs("what looks like an API key")]],
      ["another application key as API key", older, app, [apiIs("what looks like an application key")]],
      ["a token as API key", token, app, [apiIs("an access token")]],
      ["an id and a token", token, uuid, [apiIs("an access token"), appIs("the id of a key")]],
    ];
    test.each(cases)("are refused by name without showing a value: %s", (_, apiKey, appKey, expected) => {
      const found = reasons({}, { DD_API_KEY: apiKey, DD_APP_KEY: appKey });
      expect(found).toEqual(expected.map((reason) => expect.stringMatching(reason) as string));
      for (const value of [apiKey, appKey]) if (value.length > 1) expect(found.join()).not.toContain(value.slice(0, 8));
    });

    test.each([
      ["of the current kind", api, app],
      ["of an older kind", api, older],
      ["in capitals", api.toUpperCase(), older.toUpperCase()],
      ["of future kinds", "ddapi_0123456789abcdef0123", "ddapp2-0123.456"],
    ])("are not confused with keys %s", (_, apiKey, appKey) => {
      expect(read({}, { DD_API_KEY: apiKey, DD_APP_KEY: appKey })).toMatchObject({ faults: [], faultsIfWriting: [] });
    });

    test.each([token, service])(
      "may have an access token unless something must be created or changed: %s",
      (appKey) => {
        const { settings, faults, faultsIfWriting } = read({ "datadog:appKey": appKey }, { DD_API_KEY: api });
        expect(settings?.appKey).toBe(appKey);
        expect(faults).toEqual([]);
        expect(faultsIfWriting).toEqual([
          {
            property: "",
            reason: expect.stringMatching(/^datadog:appKey holds an access token, and Datadog lets no/) as string,
          },
        ]);
      },
    );

    test("name the settings of a named connection", () => {
      const config = { "datadog-eu:apiKey": api, "datadog-eu:appKey": uuid };
      expect(reasons(config, {}, { connection: "eu" })).toEqual([
        expect.stringMatching(/^connection: datadog-eu:appKey holds the id of a key/),
      ]);
    });
  });

  test("ignore spaces and line ends around a credential", () => {
    expect(read({ "datadog:apiKey": " key\n" }, env).settings?.apiKey).toBe("key");
  });

  test("use the argument's site before the configuration's, and report a wrong site with its source", () => {
    expect(read({ "datadog:site": "nonsense" }, env, { site: "app.ddog-gov.com" }).site).toBe("ddog-gov.com");
    expect(reasons({}, env, { site: "datadog.com" })).toEqual([
      expect.stringMatching(/^site: "datadog.com" \(from the argument site\).*did you mean datadoghq.com\?/),
    ]);
    expect(reasons({ "datadog:site": "x" }, env)).toEqual([expect.stringContaining("(from datadog:site)")]);
    expect(reasons({ "datadog:site": "x" }, env, { siteComesLater: true })).toEqual([]);
    expect(reasons({}, { ...env, DD_SITE: "x" })).toEqual([
      expect.stringMatching(/\(from DD_SITE\).*\(datadog:site is not set\)$/),
    ]);
  });

  test("report a wrong site under the argument that it comes from, or under no argument", () => {
    const property = (config: Texts, variables: Texts, request = {}) =>
      read(config, { ...env, ...variables }, request).faults.map((fault) => fault.property);
    expect(property({}, {}, { site: "x" })).toEqual(["site"]);
    expect(property({ "datadog:site": "x" }, {})).toEqual([""]);
    expect(property({}, { DD_SITE: "x" })).toEqual([""]);
    expect(property({}, { DATADOG_SITE: "x" })).toEqual([""]);
    const named = { "datadog-eu:apiKey": "e", "datadog-eu:appKey": "f", "datadog-eu:site": "x" };
    expect(property(named, {}, { connection: "eu" })).toEqual(["connection"]);
    expect(property(named, {}, { connection: "eu", site: "y" })).toEqual(["site"]);
  });

  test.each([
    ["https://ada:geheim@app.datadoghq.com", "app.datadoghq.com"],
    ["ada:geheim@datadoghq.com/", "datadoghq.com"],
    ["https://ada:ge@heim@datadog.com", "datadog.com"],
    ["https://datadog.com/?token=geheim", "datadog.com"],
    ["https://datadog.com#geheim", "datadog.com"],
    ["datadog.com geheim", undefined],
    ["geheim/geheim+geheim=", undefined],
    [`geheim${"x".repeat(80)}`, undefined],
  ])("do not quote a possible secret in a wrong site (%s)", (text, host) => {
    for (const found of [reasons({ "datadog:site": text }, env), reasons({}, env, { site: text })]) {
      expect(found).toEqual([expect.stringMatching(/ is not a Datadog site: did you mean /)]);
      expect(found.join()).not.toMatch(/geheim|heim/);
      expect(found.join()).toContain(host === undefined ? "not shown" : `"${host}"`);
    }
  });

  describe("without a site", () => {
    const site = (config: Texts, variables: Texts = {}, request = {}) =>
      read(config, { ...env, ...variables }, request).site;

    test.each([
      ["https://api.datadoghq.eu", "datadoghq.eu"],
      ["https://api.us5.datadoghq.com/api/v1", "us5.datadoghq.com"],
      ["https://API.DDOG-GOV.COM:443/", "ddog-gov.com"],
      ["https://proxy.example.com", "datadoghq.com"],
      ["http://127.0.0.1:8126", "datadoghq.com"],
    ])("use the site of the address %s", (text, expected) => {
      expect(site({ "datadog:apiUrl": text })).toBe(expected);
      expect(site({}, { DD_HOST: text })).toBe(expected);
      expect(read({ "datadog:apiUrl": text }, env)).toMatchObject({ faults: [], faultsIfWriting: [] });
    });

    test("use the site of a connection's address", () => {
      const config = { "datadog-eu:apiUrl": "https://api.datadoghq.eu", "datadog:apiUrl": "https://api.ddog-gov.com" };
      expect(site(config, {}, { connection: "eu" })).toBe("datadoghq.eu");
      expect(site(config, {}, { connection: "us" })).toBe("datadoghq.com");
    });

    test("have no site if the address is unusable", () => {
      expect(site({ "datadog:apiUrl": "https://app.datadoghq.eu" })).toBe("datadoghq.com");
      expect(site({ "datadog:apiUrl": "nonsense" })).toBe("datadoghq.com");
    });
  });

  test.each([
    [{ site: "datadoghq.com" }, "https://api.datadoghq.eu", "datadoghq.eu"],
    [{ site: "datadoghq.com", __resource: "ApplicationKey::ci" }, "https://api.datadoghq.eu", "datadoghq.com"],
    [{ site: "us5.datadoghq.com" }, "https://api.datadoghq.eu", "us5.datadoghq.com"],
    [{ site: "datadoghq.com" }, "https://proxy.example.com", "datadoghq.com"],
    [{ site: "datadoghq.com" }, "nonsense", "datadoghq.com"],
    [{ site: "datadoghq.com", connection: "eu" }, "https://api.datadoghq.eu", "datadoghq.com"],
  ] as const)("recognise the site in a state of 0.2.0: %j at %s", (state, apiUrl, expected) => {
    expect(actualSite(state, (key) => ({ "datadog:apiUrl": apiUrl })[key], {})).toBe(expected);
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
    ["https://api.datadoghq.eu/api/", "https://api.datadoghq.eu"],
    ["https://api.datadoghq.eu/api/v1", "https://api.datadoghq.eu"],
    ["https://api.us3.datadoghq.com//api/v2/", "https://api.us3.datadoghq.com"],
    ["https://proxy.example.com/datadog/api/v1", "https://proxy.example.com/datadog"],
    ["https://proxy.example.com/my-api", "https://proxy.example.com/my-api"],
    ["https://api.us9.datadoghq.com", "https://api.us9.datadoghq.com"],
  ])("use the address %s", (text, apiUrl) => {
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
    ["https://app.datadoghq.eu/", /web pages \(app.datadoghq.eu\); that of the API is https:\/\/api.datadoghq.eu\./],
    ["https://acme.datadoghq.eu/logs?x=geheim", /web pages .*; that of the API is https:\/\/api.datadoghq.eu\./],
    ["https://us3.datadoghq.com", /web pages .*; that of the API is https:\/\/api.us3.datadoghq.com\./],
    ["http://datadoghq.com", /web pages .*; that of the API is https:\/\/api.datadoghq.com\./],
    ["https://acme.us2.ddog-gov.com/api/v1", /web pages .*; that of the API is https:\/\/api.us2.ddog-gov.com\./],
  ])("refuse the address %s from any source, without showing a possible password", (text, reason) => {
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

  test("report an address of one site with the name of another, if something must be created or changed", () => {
    const config = { "datadog:apiUrl": "https://api.datadoghq.com/api" };
    const found = (site: string) => read(config, { ...env, DD_SITE: site }).faultsIfWriting;
    expect(found("US1")).toEqual([]);
    expect(found("EU")).toEqual([
      {
        property: "",
        reason:
          "datadog:apiUrl is the address of datadoghq.com, and DD_SITE says datadoghq.eu: " +
          "leave one of the two out (datadog:site is not set)",
      },
    ]);
    expect(read(config, { ...env, DD_SITE: "EU" }).faultsIfWriting[0]?.property).toBe("");
    expect(read(config, env, { site: "datadoghq.eu" }).faultsIfWriting).toEqual([
      expect.objectContaining({ property: "site" }),
    ]);
    expect(read({ "datadog:apiUrl": "https://proxy.example.com" }, env, { site: "EU" }).faultsIfWriting).toEqual([]);
  });

  test("take the API version only from the configuration", () => {
    expect(configuredApiVersion(undefined, (key) => ({ "datadog:apiVersion": "v2" })[key])).toBe("v2");
    expect(configuredApiVersion("eu", (key) => ({ "datadog:apiVersion": "v2" })[key])).toBeUndefined();
    expect(configuredApiVersion("eu", (key) => ({ "datadog-eu:apiVersion": "v1" })[key])).toBe("v1");
  });
});

/** The environment without the variable of a field. */
function without(variables: Texts, field: string): Texts {
  return Object.fromEntries(
    Object.entries(variables).filter(([name]) => name !== { apiKey: "DD_API_KEY", appKey: "DD_APP_KEY" }[field]),
  );
}
