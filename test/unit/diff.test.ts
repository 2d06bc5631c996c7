import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { diffKey } from "../../provider/lifecycle/offline/diff";
import { type KeyInputs, unknownValue } from "../../provider/lifecycle/model/inputs";
import type { KeyState } from "../../provider/lifecycle/model/state";

const uuid = "5ea50001-0000-4000-8000-00000000000a";
const inputs: KeyInputs = {
  name: "ci",
  site: "datadoghq.com",
  scopes: ["a", "b"],
  serviceAccountId: uuid,
  keepers: { year: "2026", team: "x" },
  connection: "eu",
};
const state: KeyState = {
  ...inputs,
  site: "datadoghq.com",
  apiVersion: "v2",
  hash: "secret",
  owner: "admin@example.com",
  keyId: uuid,
  createdAt: "2026-11-23T00:00:00+00:00",
};

describe("diff", () => {
  const unchanged: [string, Partial<Record<keyof KeyInputs, unknown>>][] = [
    ["nothing", {}],
    ["the order and repeats of scopes", { scopes: ["b", "a", "b"] }],
    ["the case of the service account's UUID", { serviceAccountId: uuid.toUpperCase() }],
    ["the order of keepers", { keepers: { team: "x", year: "2026" } }],
    ["an apiVersion equal to the key's", { apiVersion: "v2" }],
    ["adopt", { adopt: "replace" }],
  ];
  test.each(unchanged)("%s changes nothing", (_, change) => {
    expect(diffKey(state, { ...inputs, ...change } as KeyInputs)).toEqual({ changes: false, replaces: [] });
  });

  test("another path to the package is an update, so the state gets the new path", () => {
    const stored = { ...state, __provider: "before" };
    expect(diffKey(stored, { ...inputs, __provider: "now" })).toEqual({ changes: true, replaces: [] });
    expect(diffKey(stored, { ...inputs, __provider: "before" }).changes).toBe(false);
  });

  const inPlace: [string, Partial<Record<keyof KeyInputs, unknown>>][] = [
    ["a new name", { name: "cd" }],
    ["a name that differs in case", { name: "CI" }],
    ["an unknown name", { name: unknownValue }],
    ["another scope", { scopes: ["a", "c"] }],
    ["one scope more", { scopes: ["a", "b", "c"] }],
    ["no scopes", { scopes: undefined }],
    ["unknown scopes", { scopes: unknownValue }],
    ["an unknown scope", { scopes: ["a", unknownValue] }],
  ];
  test.each(inPlace)("%s changes the key in place", (_, change) => {
    expect(diffKey(state, { ...inputs, ...change } as KeyInputs)).toEqual({ changes: true, replaces: [] });
  });

  test("replaced keys that still exist cause an update", () => {
    expect(diffKey({ ...state, superseded: ["old"] }, inputs)).toEqual({ changes: true, replaces: [] });
  });

  const replacing: [keyof KeyInputs, unknown][] = [
    ["site", "datadoghq.eu"],
    ["site", unknownValue],
    ["apiVersion", "v1"],
    ["apiVersion", unknownValue],
    ["serviceAccountId", uuid.replace("a", "b")],
    ["serviceAccountId", undefined],
    ["serviceAccountId", unknownValue],
    ["keepers", { year: "2027", team: "x" }],
    ["keepers", { year: "2026" }],
    ["keepers", { year: "2026", team: "x", more: "" }],
    ["keepers", undefined],
    ["keepers", unknownValue],
    ["keepers", { year: unknownValue, team: "x" }],
    ["connection", "us"],
    ["connection", undefined],
    ["connection", unknownValue],
  ];
  test.each(replacing)("another %s (%j) replaces the key", (property, value) => {
    const { changes, replaces } = diffKey(state, { ...inputs, [property]: value });
    expect({ changes, replaces }).toEqual({ changes: true, replaces: [property] });
  });

  test("lists every argument that replaces", () => {
    const news = { name: "cd", site: "datadoghq.eu", apiVersion: "v1" } as KeyInputs;
    expect(diffKey(state, news).replaces).toEqual(["site", "apiVersion", "serviceAccountId", "keepers", "connection"]);
  });

  test("missing scopes and an empty list are equal", () => {
    const { scopes: _, ...unrestricted } = state;
    expect(_).toBeDefined();
    expect(diffKey(unrestricted, { ...inputs, scopes: [] })).toEqual({ changes: false, replaces: [] });
  });

  test("scopes compare as sets", () => {
    const scopes = fc.array(fc.constantFrom("a", "b", "c", "a,b", ""), { maxLength: 5 });
    fc.assert(
      fc.property(scopes, scopes, (some, others) => {
        const same = some.every((scope) => others.includes(scope)) && others.every((scope) => some.includes(scope));
        expect(diffKey({ ...state, scopes: some }, { ...inputs, scopes: others }).changes).toBe(!same);
      }),
    );
  });

  test("a state never differs from the inputs that created it, whatever strings it contains", () => {
    const record = fc.dictionary(fc.string(), fc.string());
    fc.assert(
      fc.property(fc.string(), fc.array(fc.string()), record, (name, scopes, keepers) => {
        const both = { name, scopes, keepers };
        fc.pre(!JSON.stringify(both).includes(unknownValue));
        expect(diffKey({ ...state, ...both }, { ...inputs, ...both })).toEqual({ changes: false, replaces: [] });
      }),
    );
  });
});
