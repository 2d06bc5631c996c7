import { expect, test } from "vitest";
import { keysStack, requestsSince } from "../support/sandboxed.ts";

test("a key is replaced when the program or the user requests it, and another resource can adopt it", async () => {
  const { sandbox, stack, declare } = await keysStack();
  const since = requestsSince(sandbox);
  const key = (keeper: string) => ({ name: "ci", keepers: { year: keeper }, $options: { deleteBeforeReplace: true } });
  await declare({ ci: key("2025") });
  expect(await stack.up()).toMatchObject({ exitCode: 0 });
  const first = sandbox.keys();
  since();
  await declare({ ci: key("2026") });
  expect(await stack.up()).toMatchObject({ exitCode: 0 });
  expect(since().filter((request) => !request.startsWith("GET"))).toEqual([
    "DELETE /api/v1/application_key/{hash} 200",
    "POST /api/v1/application_key 200",
  ]);
  expect(sandbox.keys()).toMatchObject([{ name: "ci" }]);
  expect(sandbox.keys()).not.toEqual(first);

  // The engine does not tell a provider about --replace. The provider sees a new resource whose name is taken.
  const kept = sandbox.keys();
  const flags = ["--replace", "urn:pulumi:dev::test::pulumi-nodejs:dynamic/datadog:ApplicationKey::ci"];
  await declare({ ci: { name: "ci", keepers: { year: "2026" } } });
  const refused = await stack.up({ flags });
  expect(refused.exitCode).not.toBe(0);
  expect(refused.all).toContain("to rotate it, change `keepers` instead");
  expect(sandbox.keys()).toEqual(kept);
  await declare({ ci: { name: "ci", keepers: { year: "2026" }, adopt: "replace" } });
  expect(await stack.up({ flags })).toMatchObject({ exitCode: 0 });
  const second = sandbox.keys();
  expect(second).toMatchObject([{ name: "ci" }]);
  expect(second).not.toEqual(kept);

  // There is no alias, so the engine deletes one resource and creates another. In Datadog it stays the same key.
  await declare({ renamed: { name: "ci", keepers: { year: "2026" }, adopt: true } });
  const up = await stack.up();
  expect(up).toMatchObject({ exitCode: 0 });
  expect(up.all).toContain("is not revoked, because ApplicationKey ");
  expect(sandbox.keys()).toEqual(second);
  expect((await stack.up()).stdout).toContain("2 unchanged");
  expect(await stack.destroy()).toMatchObject({ exitCode: 0 });
  expect(sandbox.keys()).toEqual([]);
});
