import { expect, test } from "vitest";
import { nameResources } from "../../../provider/import/resource-names.ts";
import { found } from "../support/found.ts";

const names = (keys: Parameters<typeof nameResources>[0], chosen: [string, string][] = [], taken: string[] = []) =>
  nameResources(keys, new Map(chosen), taken).map(({ resource }) => resource);

test("a resource is named after its key, in characters that are valid everywhere", () => {
  const keys = ["ci-deployer", " CI / deploy: prod! ", "café", "日本語", "a.b_c"].map((name) =>
    found(name, { id: "0123456789abcdef" }),
  );
  expect(names(keys)).toEqual(["ci-deployer", "CI-deploy-prod", "cafe", "key-0123456789a", "a.b_c"]);
});

test("no two resources get the same name, and none gets the name of a resource in the stack", () => {
  expect(names([found("ci"), found("ci"), found("CI!"), found("ci!")], [], ["ci"])).toEqual([
    "ci-2",
    "ci-3",
    "CI",
    "ci-4",
  ]);
});

test("a name that the user chooses has priority", () => {
  expect(names([found("a"), found("b")], [["b", "a"]])).toEqual(["a-2", "a"]);
  expect(names([found("a")], [["a-id", "by-id"]])).toEqual(["by-id"]);
  expect(names([found("a")], [["in the stack already", "a"]])).toEqual(["a"]);
  expect(() => names([found("a")], [["a", "taken"]], ["taken"])).toThrow(
    '"taken" is already the resource of another key',
  );
  expect(() =>
    names(
      [found("a"), found("b")],
      [
        ["a", "c"],
        ["b", "c"],
      ],
    ),
  ).toThrow('"c" is already');
});
