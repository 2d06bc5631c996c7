import { setTimeout as sleep } from "node:timers/promises";
import { afterEach, describe, expect, test } from "vitest";
import { fingerprint } from "../../provider/datadog/keys";
import { type Sandbox, type SandboxOptions, startSandbox } from "../../sandbox/index";
import { ProviderProcess } from "./support/provider-process";
import { messagesOf } from "./support/messages";
import { Stack } from "./support/stack";
import { VirtualClock } from "./support/virtual-clock";

let sandbox: Sandbox;
afterEach(() => sandbox.close());
const start = async (options?: SandboxOptions) => (sandbox = await startSandbox(options));

const program = { ci: { name: "ci" } };
const methods = () => sandbox.requests().map(({ method }) => method);
const secrets = () => sandbox.keys().map(({ key }) => key);
const stored = (stack: Stack) => stack.state().map(({ outputs }) => outputs.hash);

describe("a create whose answer is lost", () => {
  test("is followed at once by a look for the key, which finds it", async () => {
    await start();
    sandbox.fail({ kind: "drop-after", method: "POST" });
    const stack = new Stack(sandbox);
    expect((await stack.up(program)).errors).toEqual([]);
    // The baseline, the current user, the create, and one look.
    expect(methods()).toEqual(["GET", "GET", "POST", "GET"]);
    expect(stored(stack)).toEqual(secrets());
  });

  test("is not confused with the key that replacementTrigger replaces, if names may repeat", async () => {
    await start({ uniqueNames: false });
    const stack = new Stack(sandbox);
    await stack.up(program, { options: { ci: { replacementTrigger: "1" } } });
    const [before] = secrets();
    sandbox.fail({ kind: "drop-after", method: "POST" });
    expect((await stack.up(program, { options: { ci: { replacementTrigger: "2" } } })).errors).toEqual([]);
    expect(secrets()).toHaveLength(1);
    expect(secrets()).not.toContain(before);
    expect(stored(stack)).toEqual(secrets());
  });

  test("does not take another pipeline's key that appeared while a refresh waited for a missing one", async () => {
    await start();
    const stack = new Stack(sandbox);
    const first = { first: { name: "first", apiVersion: "v2" as const } };
    await stack.up(first);
    for (const { id } of sandbox.keys()) sandbox.revoke(id);
    let theirs: string | undefined;
    const clock = new VirtualClock(() => (theirs ??= sandbox.add({ name: "ci" }).id));
    sandbox.fail({ kind: "drop-before", method: "POST", nth: 2 });
    const both = { ...first, ci: { name: "ci", apiVersion: "v2" as const } };
    await stack.up(both, { clock, refresh: true, parallel: false });
    await stack.destroy();
    expect(sandbox.keys().map(({ id }) => id)).toEqual([theirs]);
  });

  test("is sent again only after the list has shown no key", async () => {
    await start({ uniqueNames: false });
    sandbox.fail({ kind: "status", status: 503, method: "POST" });
    const stack = new Stack(sandbox);
    expect((await stack.up(program)).errors).toEqual([]);
    // The baseline, the current user, five looks in thirty seconds, and one more for a key that appears late.
    const looks = ["GET", "GET", "GET", "GET", "GET"];
    expect(methods()).toEqual(["GET", "GET", "POST", ...looks, "POST", "GET"]);
    expect(stored(stack)).toEqual(secrets());
  });

  test("fails after four tries, and leaves nothing behind", async () => {
    await start();
    sandbox.fail({ kind: "status", status: 503, method: "POST", times: Infinity });
    const { errors } = await new Stack(sandbox).up(program);
    expect(messagesOf(errors)).toEqual([expect.stringMatching(/503 creating application key "ci"/)]);
    expect(sandbox.requests({ method: "POST" })).toHaveLength(4);
    expect(secrets()).toEqual([]);
  });

  test("is repeated in One-Time Read mode, and the key whose secret is lost is revoked", async () => {
    await start({ oneTimeRead: true, uniqueNames: false });
    sandbox.fail({ kind: "drop-after", method: "POST" });
    const stack = new Stack(sandbox);
    expect((await stack.up({ ci: { name: "ci", apiVersion: "v2" } })).errors).toEqual([]);
    expect(sandbox.everyKeyEverMade()).toHaveLength(2);
    expect(stored(stack)).toEqual(secrets());
  });

  test("is repeated even if the answer to the revocation of the first key is lost", async () => {
    await start({ oneTimeRead: true });
    sandbox.fail({ kind: "drop-after", method: "POST" });
    sandbox.fail({ kind: "drop-after", method: "DELETE" });
    const stack = new Stack(sandbox);
    expect((await stack.up(program)).errors).toEqual([]);
    expect(stored(stack)).toEqual(secrets());
  });

  test("does not use another user's key or a key with another name", async () => {
    await start({ uniqueNames: "owner", users: [{ handle: "other@example.com" }] });
    sandbox.fail({ kind: "drop-before", method: "POST" });
    const clock = new VirtualClock(() => {
      if (sandbox.keys().length > 0) return;
      sandbox.add({ name: "ci", owner: "other@example.com" });
      sandbox.add({ name: "ci 2" });
    });
    const stack = new Stack(sandbox);
    expect((await stack.up(program, { clock })).errors).toEqual([]);
    expect(sandbox.keys()).toHaveLength(3);
    expect(stored(stack)).toEqual(secrets().slice(2));
  });

  test.each(["v1", "v2"] as const)(
    "does not use the %s key that it replaces, even if reads show that key late",
    async (apiVersion) => {
      const clock = new VirtualClock();
      await start({ uniqueNames: "owner", readLagMs: 3000, now: () => clock.now() });
      const stack = new Stack(sandbox);
      const turn = (turn: string) => ({ ci: { name: "ci", apiVersion, keepers: { turn } } });
      await stack.up(turn("1"), { clock });
      sandbox.fail({ kind: "status", status: 503, method: "POST" });
      expect((await stack.up(turn("2"), { clock })).errors).toEqual([]);
      expect(secrets()).toHaveLength(1);
      expect(stored(stack)).toEqual(secrets());
    },
  );

  test("fails with a next step if the list fails too, and sends nothing more", async () => {
    await start();
    sandbox.fail({ kind: "drop-after", method: "POST" });
    sandbox.fail({ kind: "status", status: 500, method: "GET", nth: 3, times: Infinity });
    const { errors } = await new Stack(sandbox).up(program);
    expect(messagesOf(errors)).toEqual([
      expect.stringMatching(/"ci" may have been created on datadoghq.com.*adopt: true.*or revoke it in Datadog/),
    ]);
    expect(sandbox.requests({ method: "POST" })).toHaveLength(1);
  });

  test("fails with all ids if several new keys appear, and uses none", async () => {
    await start({ uniqueNames: false });
    sandbox.fail({ kind: "drop-after", method: "POST" });
    const clock = new VirtualClock(() => void sandbox.add({ name: "ci" }));
    const stack = new Stack(sandbox);
    const { errors } = await stack.up(program, { clock });
    for (const { key } of sandbox.keys()) expect(errors[0]?.message).toContain(fingerprint(key));
    expect(sandbox.requests({ method: "POST" })).toHaveLength(1);
    expect(stack.state()).toEqual([]);
  });

  test("is reported with the key's id if that key appears while the next create is on its way, whose key is kept", async () => {
    await start({ uniqueNames: false });
    sandbox.fail({ kind: "drop-before", method: "POST" });
    sandbox.fail({ kind: "delay", ms: 100, method: "POST", nth: 2 });
    const stack = new Stack(sandbox);
    const up = stack.up(program);
    while (sandbox.requests({ method: "POST" }).length < 2) await sleep(5);
    const late = sandbox.add({ name: "ci" });
    const { errors } = await up;
    expect(messagesOf(errors)).toEqual([
      expect.stringMatching(`was not answered and may have created another one: ${fingerprint(late.key)}. .*revoke it`),
    ]);
    expect(stored(stack)).toEqual(secrets().filter((key) => key !== late.key));
    sandbox.revoke(late.id);
    expect((await stack.up(program)).errors).toEqual([]);
    expect(stored(stack)).toEqual(secrets());
  });

  test("does not lose the next key if its result stays unknown", async () => {
    await start();
    sandbox.fail({ kind: "drop-before", method: "POST" });
    sandbox.fail({ kind: "status", status: 500, method: "GET", nth: 8, times: Infinity });
    const stack = new Stack(sandbox);
    const { errors } = await stack.up(program);
    expect(errors).toHaveLength(1);
    expect(secrets()).toHaveLength(1);
    expect(stored(stack)).toEqual(secrets());
  });
});

describe("a create that a resource hook retries", () => {
  test("is preceded by a look for the key if its result was unknown", async () => {
    await start({ uniqueNames: false });
    sandbox.fail({ kind: "cut-body", method: "POST" });
    sandbox.fail({ kind: "redirect", method: "GET", nth: 2 });
    const stack = new Stack(sandbox);
    await stack.up(program, { options: { ci: { hooks: { onError: "once" } } } });
    expect(sandbox.requests({ method: "POST" })).toHaveLength(1);
    expect(stored(stack)).toEqual(secrets());
  });
});

describe("a request that does not get through", () => {
  test.each(["GET", "PUT", "DELETE"] as const)(
    "is sent four times with growing waits if it is a %s",
    async (method) => {
      await start();
      const stack = new Stack(sandbox);
      await stack.up(program);
      sandbox.fail({ kind: "status", status: 503, method, times: Infinity });
      const before = sandbox.requests({ method }).length;
      const clock = new VirtualClock();
      const { errors } = await (method === "GET"
        ? stack.refresh({ clock })
        : stack.up(method === "PUT" ? { ci: { name: "ci 2" } } : {}, { clock }));
      expect(messagesOf(errors)).toEqual([expect.stringMatching(/503 .*Run the command again/)]);
      expect(sandbox.requests({ method }).length - before).toBe(4);
      expect(clock.waits).toEqual([375, 750, 1500]);
      expect(stored(stack)).toEqual(secrets());
    },
  );

  test("is sent again if the connection was refused, even a POST, because it never arrived", async () => {
    await start();
    const goOnline = await sandbox.goOffline();
    const clock: VirtualClock = new VirtualClock(() => (clock.waits.length === 2 ? goOnline() : undefined));
    const stack = new Stack(sandbox);
    expect((await stack.up(program, { clock })).errors).toEqual([]);
    expect(stored(stack)).toEqual(secrets());
  });

  test("says so if nothing listens", async () => {
    await start();
    const goOnline = await sandbox.goOffline();
    const { errors } = await new Stack(sandbox).up(program);
    expect(messagesOf(errors)).toEqual([
      expect.stringMatching(
        /ECONNREFUSED listing .* on datadoghq.com: .*could be opened. Check the network, any proxy/,
      ),
    ]);
    await goOnline();
  });
});

describe("a process that was killed", () => {
  const killedAfter = (method: string) => {
    const remove = sandbox.fail({ kind: "drop-after", method });
    return { diesWaiting: true, remove };
  };

  test("during a requested replacement leaves a key that the next run names and does not skip", async () => {
    await start({ uniqueNames: false });
    const stack = new Stack(sandbox);
    const on = (replacementTrigger: string) => ({ options: { ci: { replacementTrigger } } });
    await stack.up(program, on("1"));
    sandbox.fail({ kind: "drop-after", method: "POST" });
    expect((await stack.up(program, { ...on("2"), diesWaiting: true })).died).toBe(true);
    const { errors } = await stack.up(program, on("2"));
    expect(messagesOf(errors)).toEqual([
      expect.stringMatching(/^2 keys named "ci" exist.*Revoke or rename all but one/),
    ]);
    expect(sandbox.keys()).toHaveLength(2);
  });

  test("during a requested replacement with deleteBeforeReplace leaves a key that is not skipped", async () => {
    await start({ uniqueNames: false });
    const stack = new Stack(sandbox);
    const on = (replacementTrigger: string, deleteBeforeReplace: boolean) => ({
      options: { ci: { replacementTrigger, deleteBeforeReplace } },
    });
    await stack.up(program, on("1", true));
    const stray = sandbox.add({ name: "ci" });
    const { errors } = await stack.up(program, on("2", true));
    expect(messagesOf(errors)).toEqual([expect.stringContaining(fingerprint(stray.key))]);
    expect(sandbox.keys().map(({ id }) => id)).toEqual([stray.id]);
  });

  test.each(["unique", "duplicate"])(
    "in a create leaves a key that the next run names and adopts (%s)",
    async (names) => {
      await start({ uniqueNames: names === "unique" && "owner" });
      const stack = new Stack(sandbox);
      expect((await stack.up(program, killedAfter("POST"))).died).toBe(true);
      const { errors } = await stack.up(program);
      expect(messagesOf(errors)).toEqual([expect.stringMatching(/"ci" exists already .*`adopt: true`/)]);
      expect(secrets()).toHaveLength(1);
      await stack.up({ ci: { name: "ci", adopt: true } });
      expect(stored(stack)).toEqual(secrets());
    },
  );

  test.each(["unique", "duplicate"])("in a rotation leaves a key that the next run names, too (%s)", async (names) => {
    await start({ uniqueNames: names === "unique" && "owner" });
    const rotated = (turn: string, adopt = false) => ({ ci: { name: "ci", keepers: { turn }, adopt } });
    const stack = new Stack(sandbox);
    await stack.up(rotated("1"));
    // If names are unique, the first POST is answered with 409, and the second one creates the key.
    const nth = names === "unique" ? 2 : 1;
    sandbox.fail({ kind: "drop-after", method: "POST", nth });
    expect((await stack.up(rotated("2"), { diesWaiting: true })).died).toBe(true);
    expect(secrets()).toHaveLength(2);

    const { errors } = await stack.up(rotated("2"));
    expect(messagesOf(errors)).toEqual([expect.stringMatching(/"ci" exists already .*`adopt: true`/)]);
    expect(secrets()).toHaveLength(2);
    expect((await stack.up(rotated("2", true))).errors).toEqual([]);
    expect(stored(stack)).toEqual(secrets());
    expect(secrets()).toHaveLength(1);
  });

  test("in a run with adopt: 'replace' is followed by a run that finishes the work", async () => {
    await start({ oneTimeRead: true });
    sandbox.add({ name: "ci" });
    const adopting = { ci: { name: "ci", adopt: "replace" as const } };
    for (const method of ["PATCH", "POST", "DELETE"]) {
      const stack = new Stack(sandbox);
      const { remove, ...how } = killedAfter(method);
      expect((await stack.up(adopting, how)).died).toBe(true);
      remove();
      expect((await stack.up(adopting)).errors).toEqual([]);
      expect(stored(stack)).toEqual(secrets());
    }
  });
});

describe("a requested replacement", () => {
  test.each(["v1", "v2"] as const)(
    "is not misled by another user's key with the same name (%s)",
    async (apiVersion) => {
      await start({ user: "admin", uniqueNames: "owner" });
      const stack = new Stack(sandbox);
      const on = (replacementTrigger: string) => ({ options: { ci: { replacementTrigger } } });
      const declared = { ci: { name: "ci", apiVersion } };
      await stack.up(declared, on("1"));
      const [first] = secrets();
      const strangers = sandbox.add({ name: "ci", owner: "colleague" });
      expect((await stack.up(declared, on("2"))).errors).toEqual([]);
      expect(stored(stack)).toEqual(secrets().filter((key) => key !== strangers.key));
      expect(secrets()).toContain(strangers.key);
      expect(secrets()).not.toContain(first);
    },
  );
});

describe("a repeated rotation", () => {
  test("does not revoke the old key before its dependents have the new one", async () => {
    await start();
    const inputs = (turn: string) => ({ name: "ci", keepers: { turn }, adopt: "replace" as const });
    const stack = new Stack(sandbox);
    await stack.up({ ci: inputs("1") });
    // The old key is renamed, its successor is refused, and the old key cannot get its name back.
    const stop = [
      sandbox.fail({ kind: "status", status: 403, method: "POST", nth: 2, times: Infinity }),
      sandbox.fail({ kind: "status", status: 500, method: "PATCH", times: Infinity }),
      sandbox.fail({ kind: "status", status: 500, method: "PUT", nth: 2, times: Infinity }),
    ];
    expect((await stack.up({ ci: inputs("2") })).errors).toHaveLength(1);
    for (const remove of stop) remove();

    const old = stack.resources.get("ci");
    const process = new ProviderProcess(sandbox);
    const { inputs: checked } = await process.provider.check({ ...old?.inputs }, inputs("2"));
    if (!old) throw new Error("the old key is not in the state");
    await process.provider.diff(old.id, old.outputs, { ...checked });
    await process.provider.create({ ...checked });
    expect(secrets()).toContain(old.outputs.hash);
  });
});

describe("a run that creates nothing", () => {
  test("reads no baseline and sends one request for each operation", async () => {
    await start();
    const stack = new Stack(sandbox);
    await stack.up(program);
    for (const [next, requests] of [
      [program, []],
      [{ ci: { name: "ci 2" } }, ["PUT"]],
      [{}, ["DELETE"]],
    ] as const) {
      const before = sandbox.requests().length;
      expect((await stack.up(next)).errors).toEqual([]);
      expect(methods().slice(before)).toEqual(requests);
    }
  });
});
