import { describe, expect, test as alone } from "vitest";
import type { SandboxOptions } from "../../../sandbox/index.ts";
import { credentials, keysStack } from "../support/sandboxed.ts";

// Names are unique in the sandbox's organisation, as users report about Datadog. The tests run in parallel, because
// they mostly wait.
const test = alone.concurrent;

const done = { exitCode: 0 };
const modes: [mode: string, options: SandboxOptions, args: Record<string, unknown>][] = [
  ["v1", {}, {}],
  ["v2", {}, { apiVersion: "v2" }],
  ["One-Time Read", { oneTimeRead: true }, {}],
];

describe.each(modes)("with %s", (_mode, options, args) => {
  test("a colleague who may change all keys rotates another user's key", async (context) => {
    const permissions = ["user_app_keys", "org_app_keys_read", "org_app_keys_write"] as const;
    const users = [{ handle: "lead@example.com", permissions: [...permissions] }];
    const { sandbox, stack, declare } = await keysStack({ ...options, users }, {}, context);
    await declare({ ci: { name: "ci", keepers: { turn: "1" }, ...args } });
    expect(await stack.up()).toMatchObject(done);
    const first = sandbox.keys();

    await declare({ ci: { name: "ci", keepers: { turn: "2" }, ...args } });
    // Without the permission nothing changes, and the error names the missing permission.
    const refused = await stack.up({ env: credentials(sandbox, sandbox.user("colleague")) });
    expect(refused.exitCode).not.toBe(0);
    expect(refused.all).toMatch(/org_app_keys_(read|write)/);
    expect(sandbox.keys()).toEqual(first);

    const rotated = await stack.up({ env: credentials(sandbox, sandbox.user("lead")) });
    expect(rotated.exitCode, rotated.all).toBe(0);
    expect(sandbox.keys()).toMatchObject([{ name: "ci", owner: "lead@example.com" }]);
    expect(sandbox.keys()[0]?.id).not.toBe(first[0]?.id);
  });

  test("a replacement that the program requests gets the same name", async (context) => {
    const { sandbox, stack, declare } = await keysStack(options, {}, context);
    // Options that JSON can express. replaceWith causes the same calls (see test/engine/traces).
    const triggered = (turn: string) => ({ ci: { name: "ci", ...args, $options: { replacementTrigger: turn } } });
    await declare(triggered("1"));
    expect(await stack.up()).toMatchObject(done);
    const [first] = sandbox.keys();
    await declare(triggered("2"));
    const { all, exitCode } = await stack.up();
    expect(exitCode, all).toBe(0);
    expect(sandbox.keys()).toMatchObject([{ name: "ci" }]);
    expect(sandbox.keys()[0]?.id).not.toBe(first?.id);
  });
});

test("if another user has the name, the error says so, and names the owner to users who may know", async (context) => {
  const { sandbox, stack, declare } = await keysStack({}, {}, context);
  sandbox.add({ name: "ci", owner: "colleague" });
  await declare({ ci: { name: "ci" } });
  const refused = await stack.up();
  expect(refused.exitCode).not.toBe(0);
  expect(refused.all).toMatch(/another user of the organisation may have it\. .*org_app_keys_read/);
  const told = await stack.up({ env: credentials(sandbox, sandbox.user("admin")) });
  expect(told.exitCode).not.toBe(0);
  expect(told.all).toMatch(/owner "colleague@/);
  expect(sandbox.keys()).toHaveLength(1);
});
