import { expect, test } from "vitest";
import { chooseKeys } from "../../../provider/import/choose-keys.ts";
import { fitsPattern } from "../../../provider/import/glob.ts";
import { found } from "../support/found.ts";

const keys = [found("ci-a"), found("cd"), found("ci-b"), found("twin", { id: "1" }), found("twin", { id: "2" })];
const none = { wanted: [], all: false, patterns: [] };
const choose = (
  args: Partial<typeof none> | { wanted?: string[]; patterns?: string[]; all?: boolean },
  signing = "",
) => {
  const result = chooseKeys(keys, { ...none, ...args }, ({ record }) => record.name === signing);
  return {
    chosen: result.chosen.map(({ record }) => record.id),
    signing: result.signing.map(({ record }) => record.id),
  };
};

test("names, ids and patterns choose keys once each, in the order of the list", () => {
  expect(choose({ wanted: ["cd", "CI-B-ID", "ci-b"], patterns: ["ci-*"] }).chosen).toEqual([
    "ci-a-id",
    "cd-id",
    "ci-b-id",
  ]);
  expect(choose({ all: true }).chosen).toHaveLength(keys.length);
  expect(choose({ patterns: ["no*"] }).chosen).toEqual([]);
});

test("the key that the command uses is chosen only by its exact name", () => {
  expect(choose({ all: true }, "cd")).toEqual({ chosen: ["ci-a-id", "ci-b-id", "1", "2"], signing: ["cd-id"] });
  expect(choose({ all: true, wanted: ["cd"] }, "cd").signing).toEqual([]);
  expect(choose({ wanted: ["cd"] }, "cd").chosen).toEqual(["cd-id"]);
});

test("a name of no key or of several keys is an error that says what to do", () => {
  expect(() => choose({ wanted: ["nobody's"] })).toThrow(
    /None of your own keys has the name or id "nobody's".*--service-account/,
  );
  expect(() => choose({ wanted: ["twin"] })).toThrow('2 keys are named "twin". Choose one by its id: 1, 2.');
  expect(choose({ wanted: ["2"] }).chosen).toEqual(["2"]);
});

test("a pattern matches whole names, and only * and ? are special", () => {
  expect(["ci-a", "ci-", "xci-a", "CI-a"].map((name) => fitsPattern(name, "ci-*"))).toEqual([true, true, false, false]);
  expect(["ab", "a😀", "a", "abc"].map((name) => fitsPattern(name, "a?"))).toEqual([true, true, false, false]);
  expect(fitsPattern("a.b[c](d){e}^$|+\\", "a.b[c](d){e}^$|+\\")).toBe(true);
  expect(fitsPattern("axb", "a.b")).toBe(false);
  expect(fitsPattern("two\nlines", "two*")).toBe(true);
});
