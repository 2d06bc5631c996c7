import { expect, test } from "vitest";
import { keysStack, requestsSince } from "../support/sandboxed.ts";

const urn = (name: string) => `urn:pulumi:dev::test::pulumi-nodejs:dynamic/datadog:ApplicationKey::${name}`;

test("keys of v1 stay manageable after One-Time Read is switched on, and keys that cannot be distinguished are left alone", async () => {
  const { sandbox, stack, declare } = await keysStack({ uniqueNames: false });
  const since = requestsSince(sandbox);
  const named = (name: string) => sandbox.keys().filter((key) => key.name === name);
  const outputs = async () => (await stack.outputs({ showSecrets: true })) as Record<string, Record<string, unknown>>;

  const four = { refreshed: { name: "a" }, renamed: { name: "b" }, dropped: { name: "c" }, twin: { name: "t" } };
  await declare(four);
  expect(await stack.up()).toMatchObject({ exitCode: 0 });
  const before = await outputs();
  expect(Object.values(before).map(({ apiVersion }) => apiVersion)).toEqual(["v1", "v1", "v1", "v1"]);

  sandbox.setOneTimeRead(true);
  const [twin] = named("t");
  sandbox.add({ name: "t", key: `ddapp_${"x".repeat(30)}${twin?.last4 ?? ""}` });
  since();
  expect((await stack.preview()).stdout).toMatch(/5 unchanged/);
  expect(since()).toEqual([]);

  // One key is refreshed, one renamed, one removed. The provider did not know their UUIDs before.
  const one = await stack.refresh({ flags: ["--target", urn("refreshed")] });
  expect(one).toMatchObject({ exitCode: 0 });
  const { dropped, ...three } = four;
  await declare({ ...three, renamed: { name: "b2" } });
  expect(await stack.up()).toMatchObject({ exitCode: 0 });
  expect(named(dropped.name)).toEqual([]);
  expect(named("b2")).toMatchObject([{ key: before["renamed"]?.["hash"] }]);
  const state = stateOf(await stack.export());
  expect(state("refreshed")).toMatchObject({ id: before["refreshed"]?.["id"], outputs: { keyId: named("a")[0]?.id } });
  expect(state("renamed")).toMatchObject({ id: before["renamed"]?.["id"], outputs: { keyId: named("b2")[0]?.id } });
  const after = await outputs();
  expect(after["refreshed"]?.["hash"]).toBe(before["refreshed"]?.["hash"]);
  expect(after["renamed"]?.["hash"]).toBe(before["renamed"]?.["hash"]);

  // Two keys have the same name and the same last four characters, so either may be ours.
  const twins = named("t");
  since();
  const refresh = await stack.refresh();
  expect(refresh.exitCode).not.toBe(0);
  for (const { id } of twins) expect(refresh.all).toContain(id);
  const destroy = await stack.destroy({ flags: ["--continue-on-error"] });
  expect(destroy.exitCode).not.toBe(0);
  for (const { id } of twins) expect(destroy.all).toContain(id);
  expect(sandbox.keys()).toEqual(twins);
  expect(stateOf(await stack.export())("twin")).toMatchObject({ id: before["twin"]?.["id"] });
});

interface StoredResource {
  urn: string;
  id: string;
  outputs: Record<string, unknown>;
}

function stateOf(text: string): (name: string) => StoredResource | undefined {
  const { resources } = (JSON.parse(text) as { deployment: { resources: StoredResource[] } }).deployment;
  return (name) => resources.find((resource) => resource.urn === urn(name));
}
