import { expect, test } from "vitest";
import { createProvider } from "../../provider/lifecycle/provider";

test("an input of an explicit provider that is not a string is reported as a fault of the settings", async () => {
  const provider = createProvider({ env: {}, tell: () => undefined });
  const inputs: Record<string, unknown> = { "datadog:apiKey": 5, "datadog:appKey": { key: "x" }, "datadog:site": null };
  await provider.configure({ config: { get: (key: string) => inputs[key] as string, require: () => "" } });
  const { failures = [] } = await provider.check({}, { name: "ci" });
  const reasons = failures.map(({ reason }) => reason).join("\n");
  expect(reasons).toContain("datadog:appKey holds characters that no Datadog key has");
  expect(reasons).toContain('"null" (from datadog:site) is not a Datadog site');
});
