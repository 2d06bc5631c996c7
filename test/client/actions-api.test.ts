import { afterEach, describe, expect, test } from "vitest";
import type { KeyInputs } from "../../provider/lifecycle/model/inputs";
import { type Sandbox, type SandboxOptions, startSandbox } from "../../sandbox/index";
import { messagesOf } from "./support/messages";
import { Stack } from "./support/stack";

let sandbox: Sandbox;
let stack: Stack;
afterEach(() => sandbox.close());
const start = async (options?: SandboxOptions) => {
  sandbox = await startSandbox(options);
  stack = new Stack(sandbox);
};

const list = "/api/v2/actions/app_key_registrations";
const one = `${list}/{app_key_id}`;
const program = (more: Partial<KeyInputs> = {}) => ({ ci: { name: "ci", actionsApi: true, ...more } });
const succeed = async (declared: Record<string, KeyInputs>) => {
  expect((await stack.up(declared)).errors).toEqual([]);
};
const registered = () => sandbox.keys().map(({ actionsApi }) => actionsApi);
const output = () => stack.resources.get("ci")?.outputs.actionsApi;
const requestsOf = async (work: () => Promise<unknown>) => {
  const before = sandbox.requests().length;
  await work();
  return sandbox
    .requests()
    .slice(before)
    .map(({ method, route }) => `${method} ${route}`);
};

test("a registered key that moves to v1 and to a resource without actionsApi, with --refresh, is unregistered", async () => {
  await start();
  await succeed(program());
  expect((await stack.up({ other: { name: "ci", adopt: true } }, { refresh: true })).errors).toEqual([]);
  expect(registered()).toEqual([false]);
});

describe.each([
  ["v2", {}],
  ["One-Time Read", { oneTimeRead: true }],
])("with actionsApi and %s", (_, options) => {
  test("a key is registered after its creation, and unregistered before it is revoked", async () => {
    await start(options);
    const made = await requestsOf(() => succeed(program()));
    expect(made.slice(-2)).toEqual(["POST /api/v2/current_user/application_keys", `PUT ${one}`]);
    expect(registered()).toEqual([true]);
    expect(output()).toBe(true);
    const gone = await requestsOf(async () => {
      expect((await stack.destroy()).errors).toEqual([]);
    });
    expect(gone).toEqual([`DELETE ${one}`, "DELETE /api/v2/current_user/application_keys/{app_key_id}"]);
  });

  test("actionsApi changes in place in both directions", async () => {
    await start(options);
    await succeed(program({ actionsApi: false }));
    const { id } = sandbox.keys()[0] ?? {};
    await succeed(program());
    expect(sandbox.keys()).toMatchObject([{ id, actionsApi: true }]);
    await succeed(program({ actionsApi: false }));
    expect(sandbox.keys()).toMatchObject([{ id, actionsApi: false }]);
    expect(output()).toBeUndefined();
  });

  test("a key that moves to a resource without actionsApi, with --refresh, is unregistered", async () => {
    await start(options);
    await succeed(program());
    const adopt = "oneTimeRead" in options ? { secret: sandbox.keys()[0]?.key ?? "" } : true;
    const moved = { other: { name: "ci", apiVersion: "v2", adopt } } as const;
    expect((await stack.up(moved, { refresh: true })).errors).toEqual([]);
    expect(registered()).toEqual([false]);
    expect(stack.resources.get("other")?.outputs.actionsApi).toBeUndefined();
  });

  test("a registration that was removed in Datadog shows as drift and is restored", async () => {
    await start(options);
    await succeed(program());
    const { id = "" } = sandbox.keys()[0] ?? {};
    const { status } = await fetch(`${sandbox.url}${list}/${id}`, {
      method: "DELETE",
      headers: { "DD-API-KEY": sandbox.apiKey, "DD-APPLICATION-KEY": sandbox.appKey },
    });
    expect(status).toBe(204);
    expect((await stack.refresh()).errors).toEqual([]);
    expect(output()).toBeUndefined();
    expect(stack.resources.get("ci")?.inputs.actionsApi).toBeUndefined();
    await succeed(program());
    expect(registered()).toEqual([true]);
  });
});

describe("with actionsApi", () => {
  test("a refresh of many keys sends one more list, and none if no key has access", async () => {
    await start();
    const keys = (actionsApi: boolean) =>
      Object.fromEntries(["a", "b", "c"].map((name) => [name, { name, actionsApi, apiVersion: "v2" as const }]));
    await succeed(keys(true));
    const lists = async () => (await requestsOf(() => stack.refresh())).filter((request) => request === `GET ${list}`);
    expect(await lists()).toHaveLength(1);
    await succeed(keys(false));
    expect(await lists()).toHaveLength(0);
  });

  test("after a refused registration, the key is in the state, the error names the missing permission, and the next up retries", async () => {
    await start();
    const removeFault = sandbox.fail({ kind: "status", status: 403, method: "PUT", times: Infinity });
    const { errors } = await stack.up(program());
    expect(messagesOf(errors)).toEqual([
      expect.stringMatching(/it is not registered for Actions API access: .*user_app_keys, user_access_manage or/),
    ]);
    expect(stack.resources.get("ci")?.outputs.hash).toBe(sandbox.keys()[0]?.key);
    removeFault();
    await succeed(program());
    expect(registered()).toEqual([true]);
  });

  test("a key of v1 is registered by its UUID", async () => {
    await start();
    await succeed({ ci: { name: "ci" } });
    await succeed(program());
    expect(registered()).toEqual([true]);
    expect(stack.resources.get("ci")?.outputs.keyId).toBe(sandbox.keys()[0]?.id);
    expect((await stack.destroy()).errors).toEqual([]);
    expect(sandbox.keys()).toEqual([]);
  });

  test("a rotation registers the new key, and with keepPrevious the previous key keeps its access", async () => {
    await start();
    await succeed(program({ keepers: { turn: "1" }, keepPrevious: true }));
    await succeed(program({ keepers: { turn: "2" }, keepPrevious: true }));
    expect(registered()).toEqual([true, true]);
    await succeed(program({ keepers: { turn: "3" } }));
    expect(registered()).toEqual([true]);
  });

  test("an adopted key is registered", async () => {
    await start();
    sandbox.add({ name: "ci" });
    await succeed(program({ adopt: true }));
    expect(registered()).toEqual([true]);
  });
});
