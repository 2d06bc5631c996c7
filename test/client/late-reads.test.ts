import { afterEach, describe, expect, test } from "vitest";
import { type Sandbox, type SandboxOptions, startSandbox } from "../../sandbox/index";
import { messagesOf } from "./support/messages";
import { Stack } from "./support/stack";
import { colleague } from "./support/surroundings";
import { VirtualClock } from "./support/virtual-clock";

let sandbox: Sandbox;
afterEach(() => sandbox.close());

async function start(readLagMs: number, options: SandboxOptions = {}) {
  const clock = new VirtualClock();
  sandbox = await startSandbox({ readLagMs, now: () => clock.now(), ...options });
  return { clock, stack: new Stack(sandbox) };
}

describe.each([
  ["v1", {}, "v1"],
  ["v2", {}, "v2"],
  ["One-Time Read", { oneTimeRead: true }, undefined],
] as const)("with %s, a refresh right after an up", (_mode, options, apiVersion) => {
  const program = Object.fromEntries(
    ["a", "b", "c"].map((name) => [name, { name, ...(apiVersion && { apiVersion }) }]),
  );

  test.each([6, 20, 29])("loses no key when reads are %i s late", async (lag) => {
    const { clock, stack } = await start(lag * 1000, options);
    await stack.up(program, { clock });
    expect((await stack.refresh({ clock })).errors).toEqual([]);
    expect(stack.state().map(({ outputs }) => outputs.hash)).toEqual(sandbox.keys().map(({ key }) => key));
  });

  test("and a destroy of keys that are gone, one at a time, wait once", async () => {
    const { clock, stack } = await start(0, options);
    await stack.up(program, { clock });
    clock.advance(60_000);
    for (const { id } of sandbox.keys()) sandbox.revoke(id);
    const began = clock.now();
    expect((await stack.destroy({ clock, parallel: false })).errors).toEqual([]);
    expect(clock.now() - began).toBe(5_000);
  });

  test("detects with one wait and one line that an ordinary user's keys were revoked by hand", async () => {
    const { clock, stack } = await start(0, options);
    await stack.up(program, { clock });
    clock.advance(60_000);
    const [kept, ...gone] = sandbox.keys();
    for (const { id } of gone) sandbox.revoke(id);
    const began = clock.now();
    const { errors, printed } = await stack.refresh({ clock });
    expect(errors).toEqual([]);
    expect(printed).toEqual([expect.stringContaining("Datadog does not show every key. Looking again for up to 30 s")]);
    expect(clock.now() - began).toBe(5_000);
    expect(stack.state().map(({ outputs }) => outputs.hash)).toEqual([kept?.key]);
  });
});

test("a colleague's delete whose answer is lost succeeds once reads no longer show the new key", async () => {
  const { clock, stack } = await start(3000, { users: [colleague] });
  await stack.up({ ci: { name: "ci", apiVersion: "v2" } }, { clock });
  sandbox.fail({ kind: "drop-after", method: "DELETE", route: "/api/v2/application_keys/{app_key_id}" });
  const { errors } = await stack.destroy({ clock, appKey: sandbox.user(colleague.handle).appKey });
  expect(messagesOf(errors)).toEqual([]);
  expect(sandbox.keys()).toEqual([]);
});

test.each(["v1", "v2"] as const)(
  "if a refresh of a %s key read its old name, the error says to wait, and half a minute later the key is replaced",
  async (apiVersion) => {
    const { clock, stack } = await start(3000);
    const program = (name: string, turn: string) => ({ ci: { name, apiVersion, keepers: { turn } } });
    await stack.up(program("ci", "1"), { clock });
    clock.advance(60_000);
    await stack.up(program("deploy", "1"), { clock });
    const { errors } = await stack.up(program("deploy", "2"), { clock, refresh: true });
    expect(messagesOf(errors)).toEqual([expect.stringContaining("run `pulumi up --refresh` in half a minute")]);
    clock.advance(30_000);
    expect(messagesOf((await stack.up(program("deploy", "2"), { clock, refresh: true })).errors)).toEqual([]);
    expect(sandbox.keys()).toEqual([expect.objectContaining({ name: "deploy" })]);
    expect(stack.state().map(({ outputs }) => outputs.hash)).toEqual(sandbox.keys().map(({ key }) => key));
  },
);

test("a key that is renamed and rotated in one run keeps its name if another user has the new one", async () => {
  const { clock, stack } = await start(0);
  sandbox.add({ name: "deploy", owner: "admin" });
  await stack.up({ ci: { name: "ci" } }, { clock });
  const before = sandbox.keys();
  const { errors } = await stack.up({ ci: { name: "deploy", keepers: { turn: "1" } } }, { clock });
  expect(messagesOf(errors)).toEqual([expect.stringContaining("choose another name")]);
  expect(sandbox.keys()).toEqual(before);
});

test("a rotation that v1 refuses after the rename of the old key continues through v2, which still shows the old name", async () => {
  const { clock, stack } = await start(3000);
  const program = (turn: string) => ({ ci: { name: "ci", keepPrevious: true, keepers: { turn } } });
  await stack.up(program("1"), { clock });
  clock.advance(60_000);
  sandbox.fail({ kind: "status", status: 403, method: "POST" });
  const { errors } = await stack.up(program("2"), { clock });
  expect(messagesOf(errors)).toEqual([]);
  const [previous, current] = sandbox.keys();
  expect(current).toMatchObject({ name: "ci" });
  expect(stack.state()[0]?.outputs).toMatchObject({ hash: current?.key, previousHash: previous?.key });
});

test.each(["v1", "v2"] as const)(
  'with %s, adopt: "replace" continues with a key that an earlier run renamed, although the list does not show that yet',
  async (apiVersion) => {
    const { clock, stack } = await start(20_000);
    sandbox.add({ name: "ci" });
    clock.advance(60_000);
    const program = { ci: { name: "ci", apiVersion, adopt: "replace" as const } };
    // The rate limit lasts until the list shows the key's new name.
    const removeFault = sandbox.fail({ kind: "rate-limit", method: "POST", times: Infinity });
    expect(messagesOf((await stack.up(program, { clock })).errors)).toEqual([expect.stringContaining("429")]);
    removeFault();
    expect(sandbox.keys()).toMatchObject([{ name: expect.stringMatching(/^ci \(replaced /) as string }]);
    expect(messagesOf((await stack.up(program, { clock })).errors)).toEqual([]);
    expect(sandbox.keys()).toMatchObject([{ name: "ci", key: stack.state()[0]?.outputs.hash }]);
  },
);

test.each([
  ["v1", {}, { apiVersion: "v1" }],
  ["v2", {}, { apiVersion: "v2" }],
  ["One-Time Read", { oneTimeRead: true }, {}],
] as const)(
  "with %s, a key stays valid when it moves to another resource, even if the answer about its name is lost and reads are late",
  async (_mode, options, version) => {
    const { clock, stack } = await start(3000, options);
    await stack.up({ before: { name: "ci", ...version } }, { clock });
    // The answer that refuses the name is lost. The list then shows the other resource's key.
    sandbox.fail({ kind: "status-after", status: 502, method: "POST" });
    const { errors } = await stack.up({ after: { name: "ci", adopt: true, ...version } }, { clock });
    expect(messagesOf(errors)).toEqual([]);
    expect(sandbox.keys()).toMatchObject([{ name: "ci", key: stack.state()[0]?.outputs.hash }]);
    expect(stack.state().map(({ name }) => name)).toEqual(["after"]);
  },
);

test.each([false, true])(
  "v2 can rename a key of v1 and reuse its name, although v2 still shows the old name (in parallel: %s)",
  async (parallel) => {
    const { clock, stack } = await start(3000);
    await stack.up({ a: { name: "ci" } }, { clock });
    clock.advance(60_000);
    const program = { a: { name: "alerts" }, b: { name: "ci", adopt: true, scopes: ["monitors_read"] } };
    expect(messagesOf((await stack.up(program, { clock, parallel })).errors)).toEqual([]);
    const hashes = Object.fromEntries(stack.state().map(({ outputs: { name, hash } }) => [name, hash]));
    expect(Object.fromEntries(sandbox.keys().map(({ name, key }) => [name, key]))).toEqual(hashes);
    expect(sandbox.keys()).toHaveLength(2);
  },
);

describe.each(["v1", "v2"] as const)(
  "if one of two %s keys just got the name and reads still show it on the other",
  (apiVersion) => {
    async function namesJustMoved() {
      const { clock, stack } = await start(6000, { keys: [{ name: "logs" }, { name: "metrics" }] });
      const [former, present] = sandbox.keys();
      if (!former || !present) throw new Error("expected two keys in the sandbox");
      clock.advance(60_000);
      sandbox.rename(former.id, "traces");
      sandbox.rename(present.id, "logs");
      const up = async (adopt: true | "replace") => {
        const program = { logs: { name: "logs", adopt, apiVersion } };
        const before = sandbox.keys();
        const tooEarly = [expect.stringContaining("Run `pulumi up` again in half a minute")];
        expect(messagesOf((await stack.up(program, { clock })).errors)).toEqual(tooEarly);
        expect(sandbox.keys()).toEqual(before);
        clock.advance(30_000);
        expect(messagesOf((await stack.up(program, { clock })).errors)).toEqual([]);
        return stack.state().map(({ outputs }) => outputs.hash);
      };
      return { up, former, present };
    }

    test("the right key is adopted half a minute later", async () => {
      const { up, present } = await namesJustMoved();
      expect(await up(true)).toEqual([present.key]);
      expect(sandbox.keys().map(({ name }) => name)).toEqual(["traces", "logs"]);
    });

    test("the right key is replaced half a minute later", async () => {
      const { up, former, present } = await namesJustMoved();
      const hashes = await up("replace");
      const [kept, made, ...more] = sandbox.keys();
      expect(kept).toMatchObject({ id: former.id, name: "traces" });
      expect(made).toMatchObject({ name: "logs" });
      expect(more).toEqual([]);
      expect(made?.id).not.toBe(present.id);
      expect(hashes).toEqual([made?.key]);
    });
  },
);
