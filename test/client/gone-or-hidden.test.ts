import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { type Permission, type Sandbox, type SandboxUser, startSandbox } from "../../sandbox/index";
import { messagesOf } from "./support/messages";
import { Stack } from "./support/stack";

const overseer: Permission[] = ["user_app_keys", "org_app_keys_read", "org_app_keys_write"];

describe.each(["v1", "v2"] as const)("a key of %s that the credentials of a run do not show", (apiVersion) => {
  let sandbox: Sandbox;
  let stack: Stack;
  const program = { ci: { name: "ci", apiVersion } };
  beforeEach(async () => {
    sandbox = await startSandbox({
      users: [
        { handle: "plain@example.com", permissions: ["user_app_keys"] },
        { handle: "overseer@example.com", permissions: overseer },
      ],
    });
    stack = new Stack(sandbox);
    await stack.up(program);
  });
  afterEach(() => sandbox.close());

  const as = (handle: string) => ({
    appKey: sandbox.users.find((user: SandboxUser) => user.handle === handle)?.appKey ?? "",
  });
  const commands = {
    refresh: (handle: string) => stack.refresh(as(handle)),
    update: (handle: string) => stack.up({ ci: { name: "ci 2", apiVersion } }, as(handle)),
    delete: (handle: string) => stack.destroy(as(handle)),
  };

  test.each(["refresh", "update", "delete"] as const)("never counts as gone in a %s", async (command) => {
    const before = sandbox.keys();
    const { errors } = await commands[command]("plain@example.com");
    expect(errors).toHaveLength(1);
    expect(errors[0]?.message).toMatch(/Cannot tell|403/);
    expect(sandbox.keys()).toEqual(before);
    expect(stack.state().map(({ outputs }) => outputs.hash)).toEqual(before.map(({ key }) => key));
  });

  test.each(["refresh", "update", "delete"] as const)(
    "is found by a %s with permission to see all keys",
    async (command) => {
      const { errors } = await commands[command]("overseer@example.com");
      expect(errors).toEqual([]);
      expect(sandbox.keys().map(({ name }) => name)).toEqual(
        { refresh: ["ci"], update: ["ci 2"], delete: [] }[command],
      );
      expect(stack.state().map(({ outputs }) => outputs.hash)).toEqual(sandbox.keys().map(({ key }) => key));
    },
  );

  test("is refreshed with others by one list of all keys, and a second look for a missing one", async () => {
    const names = ["ci", "b", "c", "d"];
    await stack.up(Object.fromEntries(names.map((name) => [name, { name, apiVersion }])));
    const [, second] = sandbox.keys();
    sandbox.revoke(second?.id ?? "");
    const before = sandbox.requests().length;
    expect((await stack.refresh(as("overseer@example.com"))).errors).toEqual([]);
    const everybodys = sandbox
      .requests()
      .slice(before)
      .filter(({ route }) => route.startsWith("/api/v2/application_keys"));
    const lists = everybodys.filter(({ route }) => !route.includes("{"));
    expect(lists).toHaveLength(2);
    expect(everybodys.length - lists.length).toBeLessThanOrEqual(1);
    expect(stack.state().map(({ outputs }) => outputs.name)).toEqual(sandbox.keys().map(({ name }) => name));
  });

  test("was revoked, so a refresh removes it from the state and a delete does nothing", async () => {
    for (const { id } of sandbox.keys()) sandbox.revoke(id);
    expect((await stack.destroy()).errors).toEqual([]);
    await stack.up(program);
    for (const { id } of sandbox.keys()) sandbox.revoke(id);
    expect((await stack.refresh()).errors).toEqual([]);
    expect(stack.state()).toEqual([]);
  });

  test("keeps its secret when One-Time Read mode no longer shows it", async () => {
    const { key } = sandbox.keys()[0] ?? {};
    sandbox.setOneTimeRead(true);
    expect((await stack.refresh()).errors).toEqual([]);
    expect((await stack.up({ ci: { name: "ci 2", apiVersion } })).errors).toEqual([]);
    expect((await stack.refresh()).errors).toEqual([]);
    expect(stack.state().map(({ outputs }) => outputs.hash)).toEqual([key]);
    expect(sandbox.keys().map(({ name }) => name)).toEqual(["ci 2"]);
  });

  test("stays in the state after another user's up if adopt could not revoke it, and the owner's next up revokes it", async () => {
    // A key that could not be revoked stays in the state as superseded.
    const adopting = { ci: { name: "ci", apiVersion, adopt: "replace" as const } };
    const second = new Stack(sandbox);
    const removeFault = sandbox.fail({ kind: "status", status: 500, method: "DELETE", times: Infinity });
    expect((await second.up(adopting)).errors).toHaveLength(1);
    removeFault();
    expect(sandbox.keys()).toHaveLength(2);
    expect((await second.up(adopting, as("plain@example.com"))).errors).toHaveLength(1);
    expect(sandbox.keys()).toHaveLength(2);
    expect((await second.up(adopting)).errors).toEqual([]);
    expect(sandbox.keys().map(({ key }) => key)).toEqual(second.state().map(({ outputs }) => outputs.hash));
  });

  test("is known to be revoked to users who may see all keys, even if its secret is no longer in the state", async () => {
    const kept = (turn: string) => ({ ci: { name: "ci", apiVersion, keepPrevious: true, keepers: { turn } } });
    const second = new Stack(sandbox);
    await stack.destroy();
    await second.up(kept("1"));
    await second.up(kept("2"));
    const off = { ci: { name: "ci", apiVersion, keepers: { turn: "2" } } };
    // The key is revoked, and the answer is unusable.
    const route = apiVersion === "v1" ? "/api/v1/application_key/{hash}" : "/api/v2/application_keys/{app_key_id}";
    sandbox.fail({ kind: "not-json", method: "DELETE", route });
    expect((await second.up(off, as("overseer@example.com"))).errors).toHaveLength(1);
    expect(sandbox.keys()).toHaveLength(1);
    expect((await second.up(off, as("plain@example.com"))).errors).toHaveLength(1);
    const { errors } = await second.up(off, as("overseer@example.com"));
    expect(errors.map(({ message }) => message)).toEqual([]);
    expect(second.state()[0]?.outputs.superseded).toBeUndefined();
  });
});

describe("two keys of a service account that the user may not manage", () => {
  const account = { id: "5ea50001-0000-4000-8000-000000000001", handle: "robot", serviceAccount: true };
  const program = {
    ci: { name: "ci", serviceAccountId: account.id },
    cd: { name: "cd", serviceAccountId: account.id },
  };
  const rename = { ...program, cd: { ...program.cd, name: "cd 2" } };
  const keeper = { handle: "keeper@example.com", permissions: overseer };
  let sandbox: Sandbox;
  let stack: Stack;
  beforeEach(async () => {
    sandbox = await startSandbox({ user: "admin", users: [account, keeper, { handle: "plain@example.com" }] });
    stack = new Stack(sandbox);
    await stack.up(program);
  });
  afterEach(() => sandbox.close());
  const as = (handle: string) => ({ appKey: sandbox.user(handle).appKey });

  test("are found by users who may see all keys", async () => {
    expect((await stack.refresh(as(keeper.handle))).errors).toEqual([]);
    expect(stack.state().map(({ outputs }) => outputs.name)).toEqual(["ci", "cd"]);
    expect((await stack.up(rename, as(keeper.handle))).errors).toEqual([]);
    expect(sandbox.keys().map(({ name }) => name)).toEqual(["ci", "cd 2"]);
    expect((await stack.destroy(as(keeper.handle))).errors).toEqual([]);
    expect(sandbox.keys()).toEqual([]);
  });

  test("do not count as gone for users who may not", async () => {
    const { errors } = await stack.refresh(as("plain@example.com"));
    expect(messagesOf(errors)).toEqual([
      expect.stringContaining("service_account_write"),
      expect.stringContaining("service_account_write"),
    ]);
    expect(stack.state()).toHaveLength(2);
  });
});
