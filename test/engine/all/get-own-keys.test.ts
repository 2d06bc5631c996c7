import { createHash } from "node:crypto";
import { expect, test } from "vitest";
import { keysStack } from "../support/sandboxed.ts";

const program = `
  const { readFileSync } = require("node:fs");
  const { ApplicationKey } = require("pulumi-datadog-application-key");
  const keys = JSON.parse(readFileSync(__dirname + "/keys.json", "utf8"));
  for (const [name, { id, ...lookup }] of Object.entries(keys)) exports[name] = ApplicationKey.get(name, id, lookup);
`;
const nobodys = "00000000-0000-4000-8000-000000000000";

test("get reads the user's own keys by either kind of id, and never changes or revokes them", async () => {
  const { sandbox, project, stack, declare } = await keysStack();
  const mine = sandbox.add({ name: "mine", scopes: ["monitors_read"] });
  const fingerprint = `v1-${createHash("sha256").update(mine.key).digest("hex").slice(0, 20)}`;
  const untouched = sandbox.keys();
  await project.setProgram(program);
  await declare({ v1: { id: fingerprint }, v2: { id: mine.id } });
  expect(await stack.up()).toMatchObject({ exitCode: 0 });
  expect(await stack.outputs()).toMatchObject({ v1: { hash: "[secret]" }, v2: { hash: "[secret]" } });
  const told = { name: "mine", hash: mine.key, owner: "user@example.com" };
  expect(await stack.outputs({ showSecrets: true })).toMatchObject({
    v1: { ...told, id: fingerprint, apiVersion: "v1", site: "datadoghq.com" },
    v2: { ...told, id: mine.id, keyId: mine.id, scopes: ["monitors_read"] },
  });

  // In One-Time Read mode Datadog does not show the secret, and the engine gives the provider no state that could
  // contain it.
  sandbox.setOneTimeRead(true);
  await declare({ v2: { id: mine.id } });
  expect(await stack.up()).toMatchObject({ exitCode: 0 });
  const { v2 } = (await stack.outputs({ showSecrets: true })) as Record<string, object>;
  expect(v2).toMatchObject({ id: mine.id, name: "mine", owner: "user@example.com" });
  expect(v2).not.toMatchObject({ hash: expect.any(String) as string });
  expect((await stack.refresh()).stdout).toContain("2 unchanged");

  await declare({ gone: { id: nobodys } });
  const gone = await stack.up();
  expect(gone.exitCode).not.toBe(0);
  // The key may belong to another user.
  expect(gone.all).toContain(`Cannot tell whether an application key with the id "${nobodys}" exists on datadoghq.com`);
  expect(gone.all).toContain("or of a user with the permission org_app_keys_read");
  expect(gone.all).not.toContain("state delete");
  expect(await stack.destroy()).toMatchObject({ exitCode: 0 });
  expect(sandbox.keys()).toEqual(untouched);
});
