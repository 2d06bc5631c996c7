import { expect, test } from "vitest";
import { keysStack } from "./support/sandboxed.ts";

test("wrong input fails in preview without a request, with each fault under its argument", async () => {
  const { sandbox, stack, declare } = await keysStack();
  await declare({
    ci: {
      name: "  ",
      site: "datadog.com",
      apiVersion: "v3",
      scopes: [""],
      serviceAccountId: "robot",
      keepers: { on: 1 },
      adopt: "yes",
    },
  });
  const { exitCode, all } = await stack.preview({ env: { DD_API_KEY: "" } });
  expect(exitCode).not.toBe(0);
  expect(faultsOf(all)).toEqual({
    // The engine prints the value of a faulty property, and these two may contain secrets.
    "": [
      expect.stringContaining("keepers must be an object whose values are strings"),
      expect.stringContaining('adopt must be true, false, "replace", or { secret }'),
      expect.stringMatching(/^no Datadog API key: set it with `pulumi config set --secret datadog:apiKey`.*DD_API_KEY/),
    ],
    name: [expect.stringContaining("must not be empty")],
    site: [expect.stringMatching(/^"datadog.com" .*is not a Datadog site: did you mean datadoghq.com\?/)],
    apiVersion: [expect.stringContaining('must be "v1" or "v2"')],
    scopes: [expect.stringContaining("must be a list of authorisation scopes")],
    serviceAccountId: [expect.stringContaining("must be the UUID")],
  });
  expect(all).not.toContain(sandbox.appKey);

  await declare({
    ci: {
      name: "ci",
      site: "app.ddog-gov.com",
      apiVersion: "v1",
      scopes: ["monitors_read"],
      serviceAccountId: "5ea50001-0000-4000-8000-000000000001",
    },
  });
  expect(faultsOf((await stack.preview()).all)).toEqual({
    apiVersion: [expect.stringContaining("v1 is disabled on ddog-gov.com")],
    scopes: [expect.stringContaining("needs v2")],
    serviceAccountId: [expect.stringContaining("needs v2")],
  });

  await declare({ ci: { name: "ci", connection: "eu" } });
  expect(faultsOf((await stack.preview()).all)).toEqual({
    connection: [expect.stringContaining("datadog-eu:apiKey"), expect.stringContaining("datadog-eu:appKey")],
  });
  expect(sandbox.requests()).toEqual([]);
});

/** The CLI's lines about each argument. */
function faultsOf(output: string): Record<string, string[]> {
  const faults: Record<string, string[]> = {};
  const line = /resource 'ci'(?: has a problem|: property (\w+) value \{.*?\} has a problem): (.*)/g;
  for (const [, property = "", reason = ""] of output.matchAll(line)) (faults[property] ??= []).push(reason);
  return faults;
}
