import { expect, test } from "vitest";
import { unknownValue } from "../../provider/lifecycle/model/inputs";
import { createProvider } from "../../provider/lifecycle/provider";

function providerAt(apiUrl: string, more: Record<string, string> = {}) {
  const config: Record<string, string> = { "datadog:apiUrl": apiUrl, ...more };
  const provider = createProvider({ env: { DD_API_KEY: "a", DD_APP_KEY: "b" }, tell: () => undefined });
  const get = (key: string) => config[key];
  void provider.configure({ config: { get, require: (key) => config[key] ?? "" } });
  return provider;
}

const stored = { name: "ci", site: "datadoghq.com", apiVersion: "v1", hash: "a".repeat(40) } as const;

test("a key of 0.2.0 with the default site stays the same key on the site of the address", async () => {
  const provider = providerAt("https://api.datadoghq.eu");
  const { inputs } = await provider.check(stored, { name: "ci" });
  expect(inputs).toMatchObject({ site: "datadoghq.eu" });
  expect(await provider.diff("id", stored, inputs as Record<string, unknown>)).toMatchObject({ changes: false });
  // Setting the site afterwards changes nothing either.
  const named = await provider.check(stored, { name: "ci", site: "EU" });
  expect(await provider.diff("id", stored, named.inputs as Record<string, unknown>)).toMatchObject({ changes: false });
});

test("another site replaces a key", async () => {
  const provider = providerAt("https://proxy.example.com");
  const { inputs } = await provider.check(stored, { name: "ci", site: "EU" });
  expect(await provider.diff("id", stored, inputs as Record<string, unknown>)).toMatchObject({ replaces: ["site"] });
});

test("a wrong site in the configuration is ignored while the program's site is unknown", async () => {
  const provider = providerAt("https://api.datadoghq.eu", { "datadog:site": "nonsense" });
  expect((await provider.check({}, { name: "ci", site: unknownValue })).failures).toEqual([]);
  expect((await provider.check({}, { name: "ci" })).failures).toEqual([expect.objectContaining({ property: "" })]);
});
