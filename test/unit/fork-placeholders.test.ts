import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { createProvider } from "../../provider/lifecycle/provider";

const documented = Object.fromEntries(
  [...readFileSync("docs/testing.md", "utf8").matchAll(/^export (DD_\w+)=(\S+)$/gm)].map(([, name, value]) => [
    name ?? "",
    value ?? "",
  ]),
);

test("a preview of new and changed keys accepts the placeholders that docs/testing.md gives to forks", async () => {
  expect(Object.keys(documented).sort()).toEqual(["DD_API_KEY", "DD_APP_KEY"]);
  const provider = createProvider({ env: documented, tell: () => undefined });
  for (const inputs of [
    { name: "ci" },
    { name: "ci", apiVersion: "v1" },
    { name: "ci", scopes: ["dashboards_read"], adopt: "replace", keepPrevious: true },
  ]) {
    const created = await provider.check({}, inputs);
    expect(created.failures ?? []).toEqual([]);
    const olds = { ...(created.inputs as object), name: "before", site: "datadoghq.com", apiVersion: "v2" } as const;
    const changed = await provider.check(olds, inputs);
    expect(changed.failures ?? []).toEqual([]);
    await provider.diff("id", olds, changed.inputs as Record<string, unknown>);
  }
});
