import { describe, expect, test } from "vitest";
import { help, readArguments } from "../../../provider/import/arguments.ts";

const nothing = {
  wanted: [],
  all: false,
  patterns: [],
  resourceNames: new Map(),
  serviceAccountId: undefined,
  connection: undefined,
  folder: undefined,
  stack: undefined,
  dryRun: false,
  yes: false,
};

test("keys can be chosen by name, id, pattern or resource", () => {
  expect(readArguments(["import", "ci", "v1-0123"])).toEqual({ ...nothing, wanted: ["ci", "v1-0123"] });
  expect(readArguments(["import", "--match", "ci-*", "--match=cd-?", "-s", "dev", "-C", "infra"])).toEqual({
    ...nothing,
    patterns: ["ci-*", "cd-?"],
    stack: "dev",
    folder: "infra",
  });
  expect(readArguments(["import", "--as", "a=b=c", "other", "--dry-run", "--yes"])).toEqual({
    ...nothing,
    wanted: ["other", "a=b"],
    resourceNames: new Map([["a=b", "c"]]),
    dryRun: true,
    yes: true,
  });
  expect(readArguments(["import", "--all", "--service-account", "id", "--connection", "eu"])).toEqual({
    ...nothing,
    all: true,
    serviceAccountId: "id",
    connection: "eu",
  });
});

test("a name that begins with a dash can follow --", () => {
  expect(readArguments(["import", "--", "--all"])).toEqual({ ...nothing, wanted: ["--all"] });
});

test("the command prints help for --help and without arguments", () => {
  for (const words of [[], ["--help"], ["import", "-h"]]) expect(readArguments(words)).toBe("help");
  for (const line of help.split("\n")) expect(line.length).toBeLessThanOrEqual(82);
});

describe("unknown arguments are refused", () => {
  test.each([
    [["import"], "Choose the keys"],
    [["export", "ci"], 'There is no command "export"'],
    [["imoprt", "ci"], 'There is no command "imoprt". The only command is `import`.'],
    [["import", "--every"], "There is no option --every."],
    [["import", "--mach", "ci-*"], "There is no option --mach. Did you mean --match?"],
    [["import", "--al"], "There is no option --al. Did you mean --all?"],
    [["import", "--dryrun", "ci"], "There is no option --dryrun. Did you mean --dry-run?"],
    [["import", "--service-acount", "x"], "There is no option --service-acount. Did you mean --service-account?"],
    [["import", "-x", "ci"], "There is no option -x."],
    [["import", "ci", "--stack"], "--stack needs a value."],
    [["import", "ci", "--stack", "--yes"], "--stack needs a value."],
    [["import", "ci", "-C"], "-C needs a value."],
    [["import", "ci", "--yes=no"], "--yes takes no value."],
    [["import", "--as", "ci"], "must be key=resource"],
    [["import", "--as", "ci=a b"], "must be key=resource"],
    [["import", "--as", "=ci"], "must be key=resource"],
  ])("%j", (words, reason) => {
    expect(() => readArguments(words)).toThrow(
      expect.objectContaining({ name: "UsageError", message: expect.stringContaining(reason) as string }),
    );
  });
});
