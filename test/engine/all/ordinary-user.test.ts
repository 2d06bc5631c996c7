import { describe, expect, test as alone } from "vitest";
import type { SandboxOptions } from "../../../sandbox/index.ts";
import { keysStack, requestsSince } from "../support/sandboxed.ts";

// The tests run in parallel, because they mostly wait.
const test = alone.concurrent;

// The sandbox's default user has only user_app_keys, and so has every test in this file.
const done = { exitCode: 0 };
const modes: [mode: string, options: SandboxOptions, args: Record<string, unknown>][] = [
  ["v2", {}, { apiVersion: "v2" }],
  ["One-Time Read", { oneTimeRead: true }, {}],
  ["a Government site", { government: true }, { site: "ddog-gov.com" }],
];

describe.each(modes)("with %s", (_mode, options, args) => {
  test("after a key was revoked in the web page, a refresh removes it from the state, and the next up creates a new one", async (context) => {
    const { sandbox, stack, declare } = await keysStack(options, {}, context);
    await declare({ a: { name: "a", ...args }, b: { name: "b", ...args } });
    expect(await stack.up()).toMatchObject(done);
    await stack.makeKeysOlder();
    sandbox.revoke(sandbox.keys().find(({ name }) => name === "a")?.id ?? "");
    const refreshed = await stack.refresh();
    expect(refreshed).toMatchObject(done);
    expect(refreshed.stdout).toContain("1 deleted");
    expect(await stack.up()).toMatchObject(done);
    expect(
      sandbox
        .keys()
        .map(({ name }) => name)
        .sort(),
    ).toEqual(["a", "b"]);
  });

  test("a destroy succeeds for a key that was already revoked in the web page", async (context) => {
    const { sandbox, stack, declare } = await keysStack(options, {}, context);
    await declare({ a: { name: "a", ...args } });
    expect(await stack.up()).toMatchObject(done);
    await stack.makeKeysOlder();
    for (const { id } of sandbox.keys()) sandbox.revoke(id);
    expect(await stack.destroy()).toMatchObject(done);
  });
});

test("a key that was revoked right after its creation counts as gone once it is older than reads can be late", async (context) => {
  const { sandbox, stack, declare } = await keysStack({}, {}, context);
  await declare({ a: { name: "a", apiVersion: "v2" } });
  expect(await stack.up()).toMatchObject(done);
  const madeAt = Date.parse(sandbox.keys()[0]?.createdAt ?? "");
  for (const { id } of sandbox.keys()) sandbox.revoke(id);
  expect(await stack.destroy()).toMatchObject(done);
  expect(Date.now() - madeAt).toBeGreaterThanOrEqual(30_000);
});

test("a requested replacement in One-Time Read creates one key, and sends nothing more for the key that it has revoked", async (context) => {
  const { sandbox, stack, declare } = await keysStack({ oneTimeRead: true }, {}, context);
  await declare({ ci: { name: "ci", adopt: "replace" } });
  expect(await stack.up()).toMatchObject(done);
  const [first] = sandbox.keys();
  const urn = /urn:[^"]*::ci/.exec(await stack.export())?.[0] ?? "";
  const since = requestsSince(sandbox);
  expect(await stack.up({ flags: ["--replace", urn] })).toMatchObject(done);
  expect(since().filter((request) => request.startsWith("DELETE"))).toHaveLength(1);
  await stack.succeed(["state", "taint", urn, "--yes", "--stack", "dev"]);
  expect(await stack.up()).toMatchObject(done);
  expect(sandbox.keys()).toHaveLength(1);
  expect(sandbox.keys()).not.toMatchObject([{ id: first?.id }]);
});

test("credentials that may not read the current user create a key without a known owner", async (context) => {
  const { sandbox, stack, declare } = await keysStack({}, {}, context);
  sandbox.fail({ kind: "status", status: 403, route: "/api/v2/current_user", method: "GET", times: Infinity });
  sandbox.fail({ kind: "status", status: 403, route: "/api/v1/", times: Infinity });
  await declare({ ci: { name: "ci", apiVersion: "v2" } });
  // The route of the keys starts with the same path, so the fault names the route of the current user exactly.
  const { all, exitCode } = await stack.up();
  expect(exitCode, all).toBe(0);
  expect(sandbox.keys()).toMatchObject([{ name: "ci" }]);
});

test.for(["refresh", "destroy"] as const)(
  "a gateway that answers 404 with its own page makes a %s fail, and removes nothing from the state",
  async (command, context) => {
    const { sandbox, stack, declare } = await keysStack({}, {}, context);
    await declare({ a: { name: "a", apiVersion: "v2" }, b: { name: "b", apiVersion: "v2" } });
    expect(await stack.up()).toMatchObject(done);
    const before = await stack.outputs({ showSecrets: true });
    const page = { status: 404, headers: { "content-type": "text/html" }, body: "<html>no such page</html>" };
    const removeFault = sandbox.fail({ kind: "answer", ...page, times: Infinity });
    const failed = await stack[command]();
    removeFault();
    expect(failed.exitCode).not.toBe(0);
    expect(failed.all).toContain("the answer did not come from Datadog");
    expect(sandbox.keys()).toHaveLength(2);
    expect(await stack.outputs({ showSecrets: true })).toEqual(before);
  },
);
