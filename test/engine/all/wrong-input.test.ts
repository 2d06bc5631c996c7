import { expect, test } from "vitest";
import { keysStack } from "../support/sandboxed.ts";

test("a forbidden address fails in preview, together with a missing credential", async () => {
  const { sandbox, stack, declare } = await keysStack();
  await declare({ ci: { name: "ci" } });
  const { exitCode, all } = await stack.preview({ env: { DD_HOST: "http://api.example.com", DD_APP_KEY: "" } });
  expect(exitCode).not.toBe(0);
  expect(faultsOf(all)).toEqual({
    "": [
      expect.stringMatching(/^no Datadog application key: set it with .*datadog:appKey.*DD_APP_KEY/),
      expect.stringContaining("DD_HOST is plain http to api.example.com"),
    ],
  });
  const malformed = await stack.preview({ env: { DD_HOST: "api.example.com" } });
  expect(faultsOf(malformed.all)).toEqual({ "": [expect.stringContaining("DD_HOST is not a URL")] });
  expect(sandbox.requests()).toEqual([]);
});

/** The CLI's lines about each argument. */
function faultsOf(output: string): Record<string, string[]> {
  const faults: Record<string, string[]> = {};
  const line = /resource 'ci'(?: has a problem|: property (\w+) value \{.*?\} has a problem): (.*)/g;
  for (const [, property = "", reason = ""] of output.matchAll(line)) (faults[property] ??= []).push(reason);
  return faults;
}
