import type { CheckResult } from "@pulumi/pulumi/dynamic";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { checkInputs } from "../../provider/lifecycle/offline/check";
import { unknownValue } from "../../provider/lifecycle/model/inputs";

const env = { DD_API_KEY: "a".repeat(32), DD_APP_KEY: "b".repeat(40) };
const uuid = "5ea50001-0000-4000-8000-000000000001";

function check(
  inputs: Record<string, unknown>,
  config: Record<string, string> = {},
  variables = env,
  olds?: Record<string, unknown>,
) {
  const result = checkInputs(inputs, (key) => config[key], variables, olds) as CheckResult<Record<string, unknown>>;
  const { inputs: checked, failures = [] } = result;
  const faults: Record<string, string[]> = {};
  for (const { property, reason } of failures) (faults[property] ??= []).push(reason);
  return { inputs: checked ?? {}, faults };
}

describe("check", () => {
  test("fills in the site and nothing else", () => {
    expect(check({ name: "ci" })).toEqual({ inputs: { name: "ci", site: "datadoghq.com" }, faults: {} });
  });

  test("uses the site in the configuration, in Datadog's spelling", () => {
    const { inputs } = check({ name: "ci" }, { "datadog:site": "APP.datadoghq.eu" });
    expect(inputs).toEqual({ name: "ci", site: "datadoghq.eu" });
  });

  test("keeps the version of the copy that declares the key out of the state", () => {
    const { inputs, faults } = check({ name: "ci", __packageVersion: "99.0.0" });
    expect(Object.keys(inputs)).toEqual(["name", "site"]);
    expect(faults).toEqual({});
  });

  test("accepts every argument as documented", () => {
    const inputs = {
      name: "ci",
      site: "us5.datadoghq.com",
      apiVersion: "v2",
      scopes: ["monitors_read"],
      serviceAccountId: uuid.toUpperCase(),
      keepers: { year: "2026" },
      adopt: "replace",
    };
    expect(check(inputs)).toEqual({ inputs, faults: {} });
  });

  const wrong: [string, unknown, RegExp][] = [
    ["name", "", /must not be empty/],
    ["name", " \t", /must not be empty/],
    ["name", " ci", /^must not begin or end with a blank: give "ci"$/],
    ["name", "ci two\n", /^must not begin or end with a blank: give "ci two"$/],
    ["name", 7, /must be a string/],
    ["site", "datadog.com", /did you mean datadoghq\.com\?/],
    ["site", "us4.datadoghq.com", /did you mean us[35]\.datadoghq\.com\?/],
    ["site", "", /is not a Datadog site/],
    ["site", ["datadoghq.com"], /must be a string/],
    ["apiVersion", "v3", /must be "v1" or "v2"/],
    ["apiVersion", 1, /must be "v1" or "v2"/],
    ["scopes", "monitors_read", /must be a list/],
    ["scopes", ["monitors_read", ""], /must be a list/],
    ["scopes", [1], /must be a list/],
    [
      "scopes",
      ["a", "monitors_read, dashboards_read"],
      /^"monitors_read, dashboards_read" is not the name of one scope/,
    ],
    ["scopes", ["monitors_read "], /^"monitors_read " is not the name of one scope/],
    ["scopes", ["monitors_read", uuid], /^"5ea50001-.*" is a permission's id: give its name, such as dashboards_read$/],
    ["serviceAccountId", "robot", /must be the UUID/],
    ["serviceAccountId", `${uuid}0`, /must be the UUID/],
    ["serviceAccountId", {}, /must be the UUID/],
    ["connection", "", /must be a name/],
    ["connection", "e u", /must be a name/],
    ["connection", 1, /must be a name/],
  ];
  test.each(wrong)("refuses the %s %j under that argument alone", (property, value, reason) => {
    expect(check({ name: "ci", [property]: value }).faults).toEqual({ [property]: [expect.stringMatching(reason)] });
  });

  const wrongSecrets: [string, unknown, RegExp][] = [
    ["keepers", ["a"], /^keepers must be an object whose values are strings/],
    ["keepers", { year: 2026 }, /^keepers must be an object whose values are strings/],
    ["keepr", { year: "2026" }, /^keepr is no argument of an ApplicationKey: did you mean keepers\?/],
    ["adopt", "yes", /^adopt must be true, false, "replace", or { secret }/],
    ["adopt", {}, /^adopt must be true, false, "replace", or { secret }/],
    ["adopt", { secret: null }, /^adopt has a secret that is no application key/],
    ["adopt", { secret: "00000000-0000-4000-8000-000000000000" }, /^adopt has a secret that is no application key/],
    ["adopt", { secret: 1 }, /^adopt has a secret that is no application key/],
    ["adop", { secret: "x" }, /^adop is no argument of an ApplicationKey: did you mean adopt\?/],
  ];
  test.each(wrongSecrets)(
    "refuses the %s %j without naming the argument, because the engine would show its value",
    (property, value, reason) => {
      expect(check({ name: "ci", [property]: value }).faults).toEqual({ "": [expect.stringMatching(reason)] });
    },
  );

  test("leaves out null, because an undefined secret arrives as null", () => {
    const news = { name: "ci", scopes: null, keepers: { year: null, month: "1" }, adopt: null, connection: null };
    expect(check(news)).toEqual({ inputs: { name: "ci", site: "datadoghq.com", keepers: { month: "1" } }, faults: {} });
  });

  test.each([
    ["scope", "scopes"],
    ["serviceAccountID", "serviceAccountId"],
    ["service_account_id", "serviceAccountId"],
    ["serviceAccount", "serviceAccountId"],
    ["nmae", "name"],
    ["Name", "name"],
    ["sites", "site"],
    ["version", "apiVersion"],
    ["keepPrev", "keepPrevious"],
    ["actionsAPI", "actionsApi"],
    ["conection", "connection"],
  ])("refuses the argument %s, which means %s", (given, meant) => {
    const reason = `is no argument of an ApplicationKey: did you mean ${meant}?`;
    for (const value of ["x", unknownValue])
      expect(check({ name: "ci", [given]: value }).faults).toEqual({ [given]: [reason] });
  });

  test.each([
    "tags",
    "labels",
    "key",
    "description",
    "owner",
    "hash",
    "region",
    "parent",
    "date",
    "mode",
    "__resource",
  ])("accepts %s, which does not resemble an argument", (property) => {
    expect(check({ name: "ci", [property]: "x" }).faults).toEqual({});
  });

  test("reports all faults at once", () => {
    const { faults } = check(Object.fromEntries(wrong.map(([property, value]) => [property, value])), {}, {} as never);
    expect(Object.keys(faults).sort()).toEqual([...new Set(wrong.map(([property]) => property))].sort());
    const unconnected = wrong.filter(([property]) => property !== "connection");
    const others = check(
      Object.fromEntries(unconnected.map(([property, value]) => [property, value])),
      {},
      {} as never,
    );
    expect(others.faults[""]).toEqual([expect.stringContaining("API key"), expect.stringContaining("application key")]);
    expect(others.faults).toHaveProperty("site");
  });

  test.each(["name", "site", "apiVersion", "scopes", "serviceAccountId", "keepers", "adopt", "connection"])(
    "does not check %s while it is unknown",
    (property) => {
      const news = { name: "ci", [property]: unknownValue };
      const { inputs, faults } = check(news);
      expect(faults).toEqual({});
      expect(inputs[property]).toBe(unknownValue);
    },
  );

  test("does not check lists and objects with an unknown part", () => {
    const news = { name: "ci", scopes: ["", unknownValue], keepers: { a: 1, b: unknownValue } };
    expect(check(news).faults).toEqual({});
  });

  test("requires no credentials while the connection is unknown", () => {
    expect(check({ name: "ci", connection: unknownValue }, {}, {} as never).faults).toEqual({});
  });

  test("reports a missing credential of a named connection under connection", () => {
    expect(check({ name: "ci", connection: "eu" }).faults).toEqual({
      connection: [expect.stringContaining("datadog-eu:apiKey"), expect.stringContaining("datadog-eu:appKey")],
    });
  });

  test.each([" ci", "ci\u00a0"])(
    "accepts a name that a key already has, although it refuses it for a new key: %j",
    (name) => {
      expect(check({ name }, {}, env, { name, site: "datadoghq.com" }).faults).toEqual({});
      expect(Object.keys(check({ name }, {}, env, { name: "ci", site: "datadoghq.com" }).faults)).toEqual(["name"]);
    },
  );

  test("accepts Datadog's name of a site, and stores the site's domain", () => {
    expect(check({ name: "ci", site: "US5" })).toEqual({
      inputs: { name: "ci", site: "us5.datadoghq.com" },
      faults: {},
    });
    // Another spelling of the same site is then not a change.
    expect(check({ name: "ci", site: "https://acme.us5.datadoghq.com/" }).inputs["site"]).toBe("us5.datadoghq.com");
  });

  describe("with an access token", () => {
    const token = { ...env, DD_APP_KEY: "ddpat_0123456789abcdef" };
    const olds = { name: "ci", site: "datadoghq.com", scopes: ["a", "b"], keepers: { turn: "1" }, __provider: "old" };
    const news = { name: "ci", scopes: ["b", "a"], keepers: { turn: "1" }, __provider: "new" };
    const refusal = { "": [expect.stringContaining("Datadog lets no access token create or update application keys")] };
    const faults = (inputs: Record<string, unknown>, before?: Record<string, unknown>) =>
      check(inputs, {}, token, before).faults;

    test("refuses a key that must be created or adopted", () => {
      for (const before of [undefined, {}]) {
        expect(faults(news, before)).toEqual(refusal);
        expect(faults({ ...news, adopt: true }, before)).toEqual(refusal);
      }
    });

    test.each([
      ["name", { name: "cd" }],
      ["scopes", { scopes: undefined }],
      ["keepers", { keepers: { turn: "2" } }],
      ["site", { site: "EU" }],
      ["connection", { connection: "eu" }],
      ["service account", { serviceAccountId: uuid }],
    ])("refuses a key whose %s changes", (_, change) => {
      const config = { "datadog-eu:apiKey": env.DD_API_KEY, "datadog-eu:appKey": token.DD_APP_KEY };
      const reasons = Object.values(check({ ...news, ...change }, config, token, olds).faults).flat();
      expect(reasons).toEqual([expect.stringContaining("access token")]);
    });

    test("accepts a key that does not change, whatever `adopt` says", () => {
      expect(faults(news, olds)).toEqual({});
      expect(faults({ ...news, adopt: true }, olds)).toEqual({});
      expect(faults({ ...news, adopt: "replace" }, { ...olds, adopt: true })).toEqual({});
      expect(faults({ ...news, apiVersion: "v1", scopes: [] }, { ...olds, scopes: undefined })).toEqual({});
    });

    test("accepts a key if it is unknown whether it changes", () => {
      for (const property of ["name", "site", "scopes", "serviceAccountId", "keepers", "connection"])
        expect(faults({ ...news, [property]: unknownValue }, olds), property).toEqual({});
    });
  });

  describe("with v1", () => {
    test.each([
      ["on a Government site", { site: "us2.ddog-gov.com" }, "apiVersion"],
      ["with scopes", { scopes: ["monitors_read"] }, "scopes"],
      ["with a service account", { serviceAccountId: uuid }, "serviceAccountId"],
    ])("refuses a key %s", (_, args, property) => {
      expect(Object.keys(check({ name: "ci", apiVersion: "v1", ...args }).faults)).toEqual([property]);
      // The result is the same if the configuration sets v1.
      expect(Object.keys(check({ name: "ci", ...args }, { "datadog:apiVersion": "v1" }).faults)).toEqual([
        property === "apiVersion" ? "" : property,
      ]);
    });

    test("accepts an empty list of scopes, and unknown scopes, which may be empty", () => {
      for (const scopes of [[], unknownValue])
        expect(check({ name: "ci", apiVersion: "v1", scopes }).faults).toEqual({});
    });

    test("accepts an unknown service account", () => {
      expect(check({ name: "ci", apiVersion: "v1", serviceAccountId: unknownValue }).faults).toEqual({});
    });
  });

  test("reports a wrong apiVersion in the configuration", () => {
    expect(check({ name: "ci" }, { "datadog:apiVersion": "v3" }).faults).toEqual({
      "": [expect.stringMatching(/configuration's apiVersion must be "v1" or "v2"/)],
    });
  });

  test("never throws and returns the inputs without credentials, whatever a JavaScript program passes", () => {
    fc.assert(
      fc.property(fc.dictionary(fc.constantFrom(...wrong.map(([property]) => property)), fc.anything()), (news) => {
        const { inputs, faults } = check(news);
        for (const [property, value] of Object.entries(news))
          if (property !== "site" && property !== "keepers") expect(inputs[property]).toBe(value ?? undefined);
        expect(JSON.stringify(faults)).not.toMatch(/a{32}|b{40}/);
      }),
    );
  });
});
