import { expect, test } from "vitest";
import { keysStack } from "../support/sandboxed.ts";

test("actionsApi registers and unregisters a key in place, and a refused registration is reported and retried", async () => {
  const { sandbox, stack, declare } = await keysStack();
  const program = (actionsApi: boolean) => declare({ ci: { name: "ci", actionsApi } });
  const registered = () => sandbox.keys().map(({ id, actionsApi }) => ({ id, actionsApi }));
  await program(true);
  const removeFault = sandbox.fail({ kind: "status", status: 403, method: "PUT", times: Infinity });
  const refused = await stack.up();
  expect(refused.exitCode).not.toBe(0);
  expect(refused.all).toContain("user_app_keys, user_access_manage or service_account_write");
  removeFault();
  expect(await stack.up()).toMatchObject({ exitCode: 0 });
  const { id = "" } = sandbox.keys()[0] ?? {};
  expect(registered()).toEqual([{ id, actionsApi: true }]);
  expect(await stack.outputs()).toMatchObject({ ci: { actionsApi: true } });

  await program(false);
  expect(await stack.up()).toMatchObject({ exitCode: 0 });
  expect(registered()).toEqual([{ id, actionsApi: false }]);
  await program(true);
  expect(await stack.up()).toMatchObject({ exitCode: 0 });
  expect(registered()).toEqual([{ id, actionsApi: true }]);
  expect((await stack.preview({ flags: ["--refresh", "--expect-no-changes"] })).exitCode).toBe(0);
  expect(await stack.destroy()).toMatchObject({ exitCode: 0 });
  expect(sandbox.keys()).toEqual([]);
});

test("a preview shows the field of a registration that was changed outside Pulumi", async () => {
  const { sandbox, stack, declare } = await keysStack();
  await declare({ ci: { name: "ci", actionsApi: true } });
  expect(await stack.up()).toMatchObject({ exitCode: 0 });
  const { id = "" } = sandbox.keys()[0] ?? {};
  const { status } = await fetch(`${sandbox.url}/api/v2/actions/app_key_registrations/${id}`, {
    method: "DELETE",
    headers: { "DD-API-KEY": sandbox.apiKey, "DD-APPLICATION-KEY": sandbox.appKey },
  });
  expect(status).toBe(204);
  const { all } = await stack.preview({ flags: ["--refresh"] });
  expect(all).toMatch(/\+ actionsApi *: true/);
  expect(all).toContain("1 to update");
});

test("a refresh reports a leaked key", async () => {
  const { sandbox, stack, declare } = await keysStack();
  await declare({ ci: { name: "ci", apiVersion: "v2" } });
  expect(await stack.up()).toMatchObject({ exitCode: 0 });
  sandbox.leak(sandbox.keys()[0]?.id ?? "", { source: "https://github.com/example/dotfiles" });
  const { exitCode, all } = await stack.refresh();
  expect(exitCode).toBe(0);
  expect(all).toContain('Datadog found application key "ci"');
  expect(all).toContain("https://github.com/example/dotfiles");
});
