import { describe, expect, test as alone } from "vitest";
import type { SandboxOptions } from "../../../sandbox/index.ts";
import { credentials, keysStack } from "../support/sandboxed.ts";

// A name is unique in the sandbox's organisation, as users report it of Datadog.
// Most of the time is spent waiting: beside each other.
const test = alone.concurrent;

const done = { exitCode: 0 };
const modes: [mode: string, options: SandboxOptions, args: Record<string, unknown>][] = [
  ["v1", {}, {}],
  ["v2", {}, { apiVersion: "v2" }],
  ["One-Time Read", { oneTimeRead: true }, {}],
];

describe.each(modes)("with %s", (_mode, options, args) => {
  test("a colleague who may change everybody's keys rotates the key of another user", async (context) => {
    const permissions = ["user_app_keys", "org_app_keys_read", "org_app_keys_write"] as const;
    const users = [{ handle: "lead@example.com", permissions: [...permissions] }];
    const { sandbox, stack, ask } = await keysStack({ ...options, users }, {}, context);
    await ask({ ci: { name: "ci", keepers: { turn: "1" }, ...args } });
    expect(await stack.up()).toMatchObject(done);
    const first = sandbox.keys();

    await ask({ ci: { name: "ci", keepers: { turn: "2" }, ...args } });
    // Without the permission nothing changes, and the error says what is missing.
    const refused = await stack.up({ env: credentials(sandbox, sandbox.user("colleague")) });
    expect(refused.exitCode).not.toBe(0);
    expect(refused.all).toMatch(/org_app_keys_(read|write)/);
    expect(sandbox.keys()).toEqual(first);

    const rotated = await stack.up({ env: credentials(sandbox, sandbox.user("lead")) });
    expect(rotated.exitCode, rotated.all).toBe(0);
    expect(sandbox.keys()).toMatchObject([{ name: "ci", owner: "lead@example.com" }]);
    expect(sandbox.keys()[0]?.id).not.toBe(first[0]?.id);
  });

  test("a replacement that the program orders takes the name over", async (context) => {
    const { sandbox, stack, ask } = await keysStack(options, {}, context);
    // Options that a JSON file can say; replaceWith has the same calls: see test/engine/traces.
    const triggered = (turn: string) => ({ ci: { name: "ci", ...args, $options: { replacementTrigger: turn } } });
    await ask(triggered("1"));
    expect(await stack.up()).toMatchObject(done);
    const [first] = sandbox.keys();
    await ask(triggered("2"));
    const { all, exitCode } = await stack.up();
    expect(exitCode, all).toBe(0);
    expect(sandbox.keys()).toMatchObject([{ name: "ci" }]);
    expect(sandbox.keys()[0]?.id).not.toBe(first?.id);
  });
});

test("a name that another user has is told so, with whose it is to those who may know", async (context) => {
  const { sandbox, stack, ask } = await keysStack({}, {}, context);
  sandbox.add({ name: "ci", owner: "colleague" });
  await ask({ ci: { name: "ci" } });
  const refused = await stack.up();
  expect(refused.exitCode).not.toBe(0);
  expect(refused.all).toMatch(/another user of the organisation may have it\. .*org_app_keys_read/);
  const told = await stack.up({ env: credentials(sandbox, sandbox.user("admin")) });
  expect(told.exitCode).not.toBe(0);
  expect(told.all).toMatch(/owner "colleague@/);
  expect(sandbox.keys()).toHaveLength(1);
});
