import * as pulumi from "@pulumi/pulumi";
import { beforeAll, expect, test } from "vitest";
import { teamKeys } from "./keys";

const made: pulumi.runtime.MockResourceArgs[] = [];

beforeAll(async () => {
  await pulumi.runtime.setMocks({
    newResource(args) {
      made.push(args);
      const inputs = args.inputs as { name: string };
      return { id: `id-of-${inputs.name}`, state: { ...inputs, hash: `key-of-${inputs.name}` } };
    },
    call: () => ({}),
  });
});

test("each team gets a key that may only read dashboards", async () => {
  const keys = await valueOf(pulumi.output(teamKeys(["payments", "search"])));

  expect(keys).toEqual({ payments: "key-of-payments-dashboards", search: "key-of-search-dashboards" });
  expect(made.map(({ type, inputs }) => ({ type, scopes: (inputs as { scopes: string[] }).scopes }))).toEqual([
    { type: "pulumi-nodejs:dynamic/datadog:ApplicationKey", scopes: ["dashboards_read"] },
    { type: "pulumi-nodejs:dynamic/datadog:ApplicationKey", scopes: ["dashboards_read"] },
  ]);
});

test("the keys are secrets", async () => {
  expect(await pulumi.isSecret(pulumi.output(teamKeys(["payments"])))).toBe(true);
});

function valueOf<T>(output: pulumi.Output<T>): Promise<T> {
  return new Promise((resolve) => output.apply(resolve));
}
