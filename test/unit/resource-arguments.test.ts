import { output } from "@pulumi/pulumi";
import { expect, test } from "vitest";
import { ApplicationKey, type ApplicationKeyArgs } from "../../provider/index";

/**
 * This function is only compiled. A key's outputs must fit the arguments of another key, under
 * exactOptionalPropertyTypes too.
 */
export function outputsAsArguments(a: ApplicationKey, setting: string | undefined): ApplicationKeyArgs[] {
  const { site, apiVersion, scopes, serviceAccountId, actionsApi, owner } = a;
  return [
    { site, apiVersion, scopes, serviceAccountId, actionsApi, name: owner, connection: owner, keepers: { owner } },
    { name: setting, site: setting, scopes: undefined, keepers: undefined, adopt: undefined, apiVersion: undefined },
    { name: Promise.resolve(setting), adopt: { secret: a.hash }, keepPrevious: actionsApi },
  ];
}

test.each([
  ["an Output", output({ name: "ci" })],
  ["a Promise", Promise.resolve({ name: "ci" })],
])("arguments that are %s are refused", (kind, args) => {
  expect(() => new ApplicationKey("ci", args as ApplicationKeyArgs)).toThrow(
    `ApplicationKey "ci": its arguments are ${kind}, but only each argument by itself may be one.`,
  );
});

test.each([null, "ci", ["ci"], 5])("arguments that are not an object are refused: %j", (args) => {
  expect(() => new ApplicationKey("ci", args as unknown as ApplicationKeyArgs)).toThrow(
    'ApplicationKey "ci": its arguments are not an object.',
  );
});

test("get refuses arguments that it would ignore", () => {
  const lookup = { serviceAccountID: "5ea50001-0000-4000-8000-000000000001" };
  expect(() => ApplicationKey.get("ci", "v1-0", lookup as object)).toThrow(
    'ApplicationKey.get "ci": it does not take "serviceAccountID". Give only site, connection, serviceAccountId.',
  );
});
