import { beforeEach, describe, expect, test } from "vitest";
import { unknownValue } from "../../provider/lifecycle/model/properties";
import { AskedNames } from "../../provider/lifecycle/offline/asked-names";

const ci = { name: "ci", site: "datadoghq.com" };
const cd = { ...ci, name: "cd" };

describe("two resources that want one name", () => {
  let names: AskedNames;
  beforeEach(() => (names = new AskedNames()));
  const told = (olds: object, news: object) => names.check({ ...olds }, { ...news });

  test.each([
    ["both new", [{}, {}]],
    ["one renamed to the other's", [ci, cd]],
    ["one renamed before the other is looked at", [cd, ci]],
    ["both renamed", [cd, { ...ci, name: "ce" }]],
  ])("are told surely: %s", (_, [first = {}, second = {}]) => {
    expect(told(first, ci)).toBeUndefined();
    expect(told(second, ci)).toMatchObject({
      surely: true,
      message: expect.stringMatching(/^Another resource of this program has application key "ci" on/) as string,
    });
  });

  test("are told, though not surely, where one stays and the other is new", () => {
    told(ci, ci);
    names.compared(ci, false);
    expect(told({}, ci)).toMatchObject({ surely: false });
  });

  test("are told surely where the engine would have to ask three times for one", () => {
    told(ci, ci);
    expect(told({}, ci)).toBeUndefined();
    expect(told({}, ci)).toMatchObject({ surely: true });
  });

  test.each([
    ["a replacement, which is checked twice", [ci, {}], true],
    ["a replacement that is renamed too", [cd, {}], true],
    ["a replacement on the program's order, which is not compared", [ci, {}], undefined],
  ] as const)("are not seen in %s", (_, checks, replaced) => {
    for (const olds of checks) {
      expect(told(olds, ci)).toBeUndefined();
      if (replaced !== undefined && "name" in olds) names.compared(ci, replaced);
    }
  });

  test("are not seen in a replacement after a refresh, which compares before it checks", () => {
    names.compared(ci, false);
    told(ci, ci);
    names.compared(ci, true);
    expect(told({}, ci)).toBeUndefined();
  });

  test("are not seen in a replacement that is compared once more, as for what depends on it", () => {
    told(ci, ci);
    names.compared(ci, true);
    names.compared(ci, false);
    expect(told({}, ci)).toBeUndefined();
  });

  test("are not seen in names that are exchanged", () => {
    for (const [olds, news] of [
      [ci, cd],
      [cd, ci],
    ] as const) {
      expect(told(olds, news)).toBeUndefined();
      names.compared(news, false);
    }
  });

  test("are not seen in keys that both have the name already, and keep it", () => {
    for (const olds of [ci, ci]) {
      expect(told(olds, ci)).toBeUndefined();
      names.compared(ci, false);
    }
  });

  test.each([
    ["another site", { site: "datadoghq.eu" }],
    ["another connection", { connection: "eu" }],
    ["another owner", { serviceAccountId: "5ea50001-0000-4000-8000-000000000001" }],
    ["another case", { name: "CI" }],
    ["a name that is not known yet", { name: unknownValue }],
  ])("are not seen in one with %s", (_, other) => {
    told({}, ci);
    expect(told({}, { ...ci, ...other })).toBeUndefined();
    if (!Object.values(other).includes(unknownValue))
      expect(told({}, { ...ci, ...other })).toMatchObject({ surely: true });
  });
});
