import { describe, expect, test as alone } from "vitest";
import type { SandboxOptions } from "../../../sandbox/index.ts";
import { keysStack } from "../support/sandboxed.ts";

// The tests run in parallel, because they mostly wait.
const test = alone.concurrent;

const done = { exitCode: 0 };
const modes: [mode: string, options: SandboxOptions, args: Record<string, unknown>][] = [
  ["v1", {}, {}],
  ["v2", {}, { apiVersion: "v2" }],
  ["One-Time Read", { oneTimeRead: true }, {}],
];

describe.each(modes)("with %s and late reads", (_mode, options, args) => {
  test.for(["user", "admin"])("a refresh right after an up loses no key (%s)", async (user, context) => {
    const { sandbox, stack, declare } = await keysStack({ ...options, user, readLagMs: 6_000 }, {}, context);
    await declare({ a: { name: "a", ...args }, b: { name: "b", ...args } });
    expect(await stack.up()).toMatchObject(done);
    const made = await stack.outputs({ showSecrets: true });
    expect(await stack.refresh()).toMatchObject(done);
    expect(await stack.outputs({ showSecrets: true })).toMatchObject(made);
    expect((await stack.up()).stdout).toContain("3 unchanged");
    expect(sandbox.keys()).toHaveLength(2);
  });

  test("a create whose answer is lost creates exactly one key, even if Datadog would allow a second", async (context) => {
    const { sandbox, stack, declare } = await keysStack(
      { ...options, readLagMs: 6_000, uniqueNames: false },
      {},
      context,
    );
    sandbox.fail({ kind: "drop-after", method: "POST" });
    await declare({ ci: { name: "ci", ...args } });
    const { all, exitCode } = await stack.up();
    expect(exitCode, all).toBe(0);
    expect(all).toContain('No answer came to the request for application key "ci". Looking for the key for up to 30 s');
    expect(sandbox.keys()).toHaveLength(1);
    expect(await stack.outputs({ showSecrets: true })).toMatchObject({ ci: { hash: sandbox.keys()[0]?.key } });
  });
});

test("an up right after a destroy creates the key, although reads still show the old one", async (context) => {
  const { sandbox, stack, declare } = await keysStack({ readLagMs: 10_000 }, {}, context);
  await declare({ ci: { name: "ci" } });
  expect(await stack.up()).toMatchObject(done);
  // Reads must show the key before it is destroyed.
  await expect
    .poll(() => Date.now() - Date.parse(sandbox.keys()[0]?.createdAt ?? ""), { timeout: 20_000 })
    .toBeGreaterThan(10_000);
  expect(await stack.destroy()).toMatchObject(done);
  const { all, exitCode } = await stack.up();
  expect(exitCode, all).toBe(0);
  expect(all).toContain("exists already. Looking again for 10 s");
  expect(sandbox.keys()).toHaveLength(1);
});
