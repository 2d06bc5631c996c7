import { afterEach, describe, expect, test } from "vitest";
import { type NewKey, type Sandbox, type SandboxOptions, startSandbox } from "../../sandbox/index";
import { messagesOf } from "./support/messages";
import { Stack } from "./support/stack";

const name = "ci";
const account = "00000000-0000-4000-8000-00000000000a";

let sandbox: Sandbox;
afterEach(() => sandbox.close());

/** A stack without keys, in an organisation with keys. */
async function stackBeside(options: SandboxOptions, ...keys: NewKey[]) {
  sandbox = await startSandbox({
    users: [{ handle: "other@example.com" }, { id: account, serviceAccount: true }],
    ...options,
  });
  const [key, ...others] = keys.map((key) => sandbox.add(key));
  if (!key) throw new Error("expected a key to adopt");
  const stack = new Stack(sandbox);
  const up = (secret: string, more: object = {}) => stack.up({ ci: { name, adopt: { secret }, ...more } });
  return { stack, key, others, up, before: sandbox.keys() };
}

const made = () => sandbox.requests({ method: "POST" });
const refusal = expect.stringMatching(
  /^None of your keys named "ci" on datadoghq\.com ends with the last four characters of `adopt\.secret`/,
) as string;

test("in One-Time Read mode, a key moves with adopt: true and --refresh, because the state has its secret", async () => {
  sandbox = await startSandbox({ oneTimeRead: true });
  const stack = new Stack(sandbox);
  await stack.up({ ci: { name } });
  const before = sandbox.keys();
  expect((await stack.up({ other: { name, adopt: true } }, { refresh: true })).errors).toEqual([]);
  expect(stack.resources.get("other")?.outputs.hash).toBe(before[0]?.key);
  expect(sandbox.keys()).toEqual(before);
});

test("a v1 key keeps its time of creation when it moves with --refresh", async () => {
  sandbox = await startSandbox();
  const stack = new Stack(sandbox);
  await stack.up({ ci: { name } });
  const { createdAt } = stack.resources.get("ci")?.outputs ?? {};
  expect((await stack.up({ other: { name, adopt: true } }, { refresh: true })).errors).toEqual([]);
  expect(stack.resources.get("other")?.outputs.createdAt).toBe(createdAt);
});

describe("a key whose secret the program has", () => {
  test.each([
    ["in One-Time Read mode", { oneTimeRead: true }, {}, {}],
    ["of a service account", { user: "admin" }, { owner: account }, { serviceAccountId: account }],
    ["if v1 shows its secret", {}, {}, {}],
    ["if v2 shows its secret", {}, {}, { apiVersion: "v2" }],
  ])("is adopted %s", async (_, options, owner, more) => {
    const { stack, key, up, before } = await stackBeside(options, { name, ...owner });
    expect((await up(key.key, more)).errors).toEqual([]);
    expect(stack.resources.get("ci")?.outputs).toMatchObject({ name, hash: key.key });
    expect(stack.resources.get("ci")?.outputs).not.toHaveProperty("adopt");
    expect(made()).toEqual([]);
    expect(sandbox.keys()).toEqual(before);
    // Once the key is in the state, adopt.secret has no effect, even if it is wrong.
    expect((await up("x".repeat(40), more)).errors).toEqual([]);
    expect(sandbox.keys()).toEqual(before);
    expect((await stack.destroy()).errors).toEqual([]);
    expect(sandbox.keys()).toHaveLength(0);
  });

  test("is distinguished from others with its name", async () => {
    const { stack, others, up } = await stackBeside(
      { oneTimeRead: true, uniqueNames: false },
      { name },
      { name },
      { name },
    );
    expect((await up(others[0]?.key ?? "")).errors).toEqual([]);
    expect(stack.resources.get("ci")?.id).toBe(others[0]?.id);
  });

  test("fails at once if the lists do not show it yet, and is adopted once they do", async () => {
    const { stack, key, up } = await stackBeside({ oneTimeRead: true }, { name: "other name" });
    sandbox.fail({
      kind: "answer",
      status: 200,
      body: JSON.stringify({ data: [], meta: { page: { total_filtered_count: 0 } } }),
      method: "GET",
      route: "/api/v2/current_user/application_keys",
    });
    sandbox.rename(key.id, name);
    expect(messagesOf((await up(key.key)).errors)).toEqual([expect.stringContaining("again in half a minute")]);
    expect((await up(key.key)).errors).toEqual([]);
    expect(stack.resources.get("ci")?.id).toBe(key.id);
  });

  test("gets a successor with a new secret in a rotation", async () => {
    const { stack, key, up } = await stackBeside({ oneTimeRead: true }, { name });
    await up(key.key);
    expect((await up(key.key, { keepers: { turn: "2" } })).errors).toEqual([]);
    expect(sandbox.keys()).toHaveLength(1);
    expect(sandbox.keys()).not.toMatchObject([{ id: key.id }]);
    expect(stack.resources.get("ci")?.outputs.hash).toBe(sandbox.keys()[0]?.key);
  });
});

describe("adopt refuses a secret, and the error shows neither that nor the right one, if it", () => {
  const ending = (secret: string, end: string) => `${secret.slice(0, -end.length)}${end}`;

  test.each([
    ["has a different end", {}, { oneTimeRead: true }, (key: string) => ending(key, "----".replaceAll("-", "_"))],
    [
      "has only the same end, and Datadog shows the right one",
      {},
      {},
      (key: string) => `x${key.slice(1)}`.replace(/^xd/, "xx"),
    ],
    ["belongs to a key with another name", { name: "other" }, { oneTimeRead: true }, (key: string) => key],
    ["belongs to another owner's key", { owner: "other@example.com" }, { oneTimeRead: true }, (key: string) => key],
    [
      "belongs to another owner's key, which v1 shows",
      { owner: "other@example.com" },
      { user: "admin" },
      (key: string) => key,
    ],
  ])("%s", async (_, key, options, given) => {
    const { stack, key: there, up, before } = await stackBeside(options, { name, ...key });
    const secret = given(there.key);
    const { errors } = await up(secret);
    expect(messagesOf(errors)).toEqual([refusal]);
    for (const text of messagesOf(errors)) {
      expect(text).not.toContain(secret);
      expect(text).not.toContain(there.key);
      expect(text).not.toContain(there.last4);
    }
    expect(made()).toEqual([]);
    expect(sandbox.keys()).toEqual(before);
    expect(stack.resources.size).toBe(0);
  });

  test("belongs to a key that was just revoked", async () => {
    const { key, up } = await stackBeside({ oneTimeRead: true }, { name });
    const listed = JSON.stringify({
      data: [
        { type: "application_keys", id: key.id, attributes: { name, last4: key.last4, created_at: key.createdAt } },
      ],
      meta: { page: { total_filtered_count: 1 } },
    });
    sandbox.fail({
      kind: "answer",
      status: 200,
      body: listed,
      method: "GET",
      route: "/api/v2/current_user/application_keys",
      times: 1,
    });
    sandbox.revoke(key.id);
    expect(messagesOf((await up(key.key)).errors)).toEqual([refusal]);
    expect(made()).toEqual([]);
  });

  test.each(["", "short", `${"x".repeat(39)} `, undefined, 1])("is malformed: %j", async (secret) => {
    const { up } = await stackBeside({ oneTimeRead: true }, { name });
    expect(messagesOf((await up(secret as string)).errors)).toEqual([
      expect.stringMatching(
        /^adopt has a secret that is no application key|^adopt must be true, false, "replace", or \{ secret \}/,
      ),
    ]);
    expect(sandbox.requests()).toEqual([]);
  });
});
