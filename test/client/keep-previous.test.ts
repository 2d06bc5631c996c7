import { afterEach, describe, expect, test } from "vitest";
import type { KeyInputs } from "../../provider/lifecycle/model/inputs";
import { type Sandbox, type SandboxOptions, startSandbox } from "../../sandbox/index";
import { messagesOf } from "./support/messages";
import { colleague } from "./support/surroundings";
import { Stack } from "./support/stack";
import { VirtualClock } from "./support/virtual-clock";

let sandbox: Sandbox;
let stack: Stack;
afterEach(() => sandbox.close());
const start = async (options?: SandboxOptions) => {
  sandbox = await startSandbox(options);
  stack = new Stack(sandbox);
};

/** The program in its n-th period. */
const period = (turn: number, more: Partial<KeyInputs> = {}) => ({
  ci: { name: "ci", keepers: { turn: String(turn) }, keepPrevious: true, ...more },
});
const succeed = async (program: Record<string, KeyInputs>) => {
  const { errors, printed } = await stack.up(program);
  expect(errors).toEqual([]);
  return printed;
};
const secrets = () => sandbox.keys().map(({ key }) => key);
const names = () => sandbox.keys().map(({ name }) => name);
const ci = () => {
  const { id, outputs } = stack.resources.get("ci") ?? {};
  return { id, hash: outputs?.hash, previousId: outputs?.previousId, previousHash: outputs?.previousHash };
};
const requestsOf = async (work: () => Promise<unknown>) => {
  const before = sandbox.requests().length;
  await work();
  return sandbox
    .requests()
    .slice(before)
    .map(({ method }) => method);
};

const organisations: [string, SandboxOptions, Partial<KeyInputs>][] = [
  ["v1", {}, {}],
  ["v1 with duplicate names", { uniqueNames: false }, {}],
  ["v2", {}, { apiVersion: "v2" }],
  ["v2 with duplicate names", { uniqueNames: false }, { apiVersion: "v2" }],
  ["One-Time Read", { oneTimeRead: true }, {}],
  ["One-Time Read, where names may repeat", { oneTimeRead: true, uniqueNames: false }, {}],
];

describe.each(organisations)("with keepPrevious and %s", (_, options, more) => {
  const adoptOf = (hash: unknown) => (options.oneTimeRead === true ? { secret: String(hash) } : true);

  test("a rotation leaves the previous key valid until the next rotation", async () => {
    await start(options);
    await succeed(period(1, more));
    const first = ci();
    expect(first.previousId).toBeUndefined();
    await succeed(period(2, more));
    const second = ci();
    expect(second).toMatchObject({ previousId: first.id, previousHash: first.hash });
    expect(secrets()).toEqual([first.hash, second.hash]);
    expect(names()).toEqual([`ci (previous ${first.id ?? ""})`, "ci"]);
    // It makes no difference that a period was skipped.
    await succeed(period(2, more));
    await succeed(period(9, more));
    const third = ci();
    expect(third).toMatchObject({ previousId: second.id, previousHash: second.hash });
    expect(secrets()).toEqual([second.hash, third.hash]);
  });

  test.each([{ refresh: false }, { refresh: true }])(
    "another resource that adopts the key takes its previous key along, if it keeps one (%o)",
    async (flags) => {
      await start(options);
      await succeed(period(1, more));
      await succeed(period(2, more));
      const before = ci();
      const adopt = adoptOf(before.hash);
      const moved = { other: { ...period(2, more).ci, adopt } };
      const { errors, printed } = await stack.up(moved, flags);
      expect(errors).toEqual([]);
      // Without a refresh, only Datadog could tell the secret.
      const isLost = options.oneTimeRead === true && !flags.refresh;
      expect(stack.resources.get("other")?.outputs.previousHash).toBe(isLost ? undefined : before.previousHash);
      expect(printed.some((line) => line.includes("`previousHash` is not set"))).toBe(isLost);
      const { id, outputs } = stack.resources.get("other") ?? {};
      expect({ id, previousId: outputs?.previousId }).toEqual({ id: before.id, previousId: before.previousId });
      expect(secrets()).toEqual([before.previousHash, before.hash]);
      expect((await stack.destroy()).errors).toEqual([]);
      expect(secrets()).toEqual([]);
    },
  );

  test.each([{}, { refresh: true }])("a taint with adopt leaves both keys valid (%o)", async (flags) => {
    await start(options);
    await succeed(period(1, more));
    await succeed(period(2, more));
    const { hash, previousId, previousHash } = ci();
    const adopt = adoptOf(hash);
    stack.taint("ci");
    const { errors } = await stack.up(period(2, { ...more, adopt }), flags);
    expect(messagesOf(errors)).toEqual([expect.stringContaining("nothing was rotated")]);
    await succeed(period(2, { ...more, adopt }));
    expect(ci()).toMatchObject({ hash, previousId });
    expect(secrets()).toEqual([previousHash, hash]);
    expect((await stack.destroy()).errors).toEqual([]);
    expect(secrets()).toEqual([]);
  });

  test("a key that could not be revoked stays valid if another resource adopts its successor and keeps it", async () => {
    await start(options);
    await succeed(period(1, more));
    await succeed(period(2, more));
    const { hash, previousHash } = ci();
    const removeFault = sandbox.fail({ kind: "status", status: 403, method: "DELETE", times: Infinity });
    expect((await stack.up(period(2, { ...more, keepPrevious: false }))).errors).toHaveLength(1);
    removeFault();
    const adopt = adoptOf(hash);
    expect((await stack.up({ other: { ...period(2, more).ci, adopt } })).errors).toEqual([]);
    expect(stack.resources.get("other")?.outputs.previousId).toBeDefined();
    expect(secrets()).toEqual([previousHash, hash]);
    expect((await stack.destroy()).errors).toEqual([]);
    expect(secrets()).toEqual([]);
  });

  test("a previous key that was revoked seconds ago is not kept, even if lists still show it", async () => {
    const clock = new VirtualClock();
    await start({ ...options, readLagMs: 6_000, now: () => clock.now() });
    for (const turn of [1, 2]) {
      expect((await stack.up(period(turn, more), { clock })).errors).toEqual([]);
      clock.advance(60_000);
    }
    expect((await stack.destroy({ clock })).errors).toEqual([]);
    expect((await stack.up(period(3, more), { clock })).errors).toEqual([]);
    expect(ci()).toMatchObject({ previousId: undefined, previousHash: undefined });
    expect(secrets()).toEqual([ci().hash]);
  });

  test("a destroy revokes both", async () => {
    await start(options);
    await succeed(period(1, more));
    await succeed(period(2, more));
    expect((await stack.destroy()).errors).toEqual([]);
    expect(secrets()).toEqual([]);
  });

  test("the previous key is revoked in place when keepPrevious is switched off", async () => {
    await start(options);
    await succeed(period(1, more));
    await succeed(period(2, more));
    const { id, hash } = ci();
    await succeed(period(2, { ...more, keepPrevious: false }));
    expect(ci()).toEqual({ id, hash, previousId: undefined, previousHash: undefined });
    expect(secrets()).toEqual([hash]);
  });

  test("a refresh only drops a previous key that was revoked by hand", async () => {
    await start(options);
    await succeed(period(1, more));
    await succeed(period(2, more));
    const before = ci();
    sandbox.revoke(sandbox.keys()[0]?.id ?? "");
    expect((await stack.refresh()).errors).toEqual([]);
    expect(ci()).toEqual({ ...before, previousId: undefined, previousHash: undefined });
    await succeed(period(2, more));
    expect(secrets()).toEqual([before.hash]);
    await succeed(period(3, more));
    expect(ci().previousHash).toBe(before.hash);
    expect(secrets()).toEqual([before.hash, ci().hash]);
  });

  test("a refresh that does not find the current key uses the previous one, which the next up rotates", async () => {
    await start(options);
    await succeed(period(1, more));
    await succeed(period(2, more));
    const { previousId, previousHash } = ci();
    sandbox.revoke(sandbox.keys()[1]?.id ?? "");
    const { errors, printed } = await stack.refresh();
    expect(errors).toEqual([]);
    expect(printed).toEqual([expect.any(String), expect.stringContaining("has its previous key")]);
    expect(ci()).toMatchObject({ id: previousId, hash: previousHash, previousId: undefined });
    await succeed(period(2, more));
    expect(ci()).toMatchObject({ previousId, previousHash });
    expect(secrets()).toEqual([previousHash, ci().hash]);
    expect(names()).toEqual([`ci (previous ${previousId ?? ""})`, "ci"]);
  });

  describe("after a rename", () => {
    const renamed = (turn: number) => period(turn, { ...more, name: "cd" });
    const renameTo = async (turn: number) => {
      await start(options);
      await succeed(period(1, more));
      await succeed(period(2, more));
      await succeed(renamed(turn));
      return ci();
    };

    test.each([
      ["the rename alone", 2],
      ["the rename and a rotation in one up", 3],
    ])("the previous key is named after its successor (%s)", async (_kind, turn) => {
      const { hash, previousId = "", previousHash } = await renameTo(turn);
      expect(names()).toEqual([`cd (previous ${previousId})`, "cd"]);
      expect(secrets()).toEqual([previousHash, hash]);
      await succeed(renamed(4));
      expect(secrets()).toEqual([hash, ci().hash]);
    });

    test.each([{}, { refresh: true }, { target: ["new"] }])(
      "a new resource with the former name leaves the previous key alone (%o)",
      async (flags) => {
        const { hash, previousHash } = await renameTo(2);
        for (const turn of [1, 2, 3])
          expect((await stack.up({ ...renamed(2), new: period(turn, more).ci }, flags)).errors).toEqual([]);
        expect(secrets()).toEqual(expect.arrayContaining([hash, previousHash]));
        expect((await stack.destroy()).errors).toEqual([]);
        expect(secrets()).toEqual([]);
      },
    );

    test("another stack with the former name leaves the previous key alone", async () => {
      await renameTo(2);
      const before = sandbox.keys();
      const other = new Stack(sandbox);
      expect((await other.up(period(1, more))).errors).toEqual([]);
      expect((await other.destroy()).errors).toEqual([]);
      expect(sandbox.keys()).toEqual(before);
    });

    test.each([{}, { refresh: true }])("another resource that adopts the key takes both (%o)", async (flags) => {
      const { id, hash, previousId, previousHash } = await renameTo(2);
      const moved = { other: { ...renamed(2).ci, adopt: adoptOf(hash) } };
      expect((await stack.up(moved, flags)).errors).toEqual([]);
      const other = stack.resources.get("other");
      expect({ id: other?.id, previousId: other?.outputs.previousId }).toEqual({ id, previousId });
      expect(secrets()).toEqual([previousHash, hash]);
    });

    /** A key with a previous one, whose rename fails. The first request of a rename is for the current key. */
    const failRenameOfPrevious = async (status: number) => {
      await start(options);
      await succeed(period(1, more));
      await succeed(period(2, more));
      const second = { kind: "status", status, nth: 2, times: Infinity } as const;
      const removals = ["PUT", "PATCH"].map((method) => sandbox.fail({ ...second, method }));
      const removeFaults = () => {
        for (const remove of removals) remove();
      };
      return { previousId: ci().previousId ?? "", removeFaults };
    };

    test("if the request fails, an error says so, and the next up names it", async () => {
      const { previousId, removeFaults } = await failRenameOfPrevious(503);
      const { errors } = await stack.up(renamed(2));
      expect(messagesOf(errors)).toEqual([expect.stringContaining("but its previous key was not renamed")]);
      removeFaults();
      await succeed(renamed(2));
      expect(names()).toEqual([`cd (previous ${previousId})`, "cd"]);
    });

    test("it keeps its name if Datadog refuses to rename it", async () => {
      const { previousId, removeFaults } = await failRenameOfPrevious(403);
      const printed = await succeed(renamed(2));
      expect(printed).toEqual([expect.stringContaining("keeps this name, because Datadog refused another one")]);
      expect(names()).toEqual([`ci (previous ${previousId})`, "cd"]);
      removeFaults();
      await succeed(period(2, { ...more, name: "ce" }));
      expect(names()).toEqual([`ce (previous ${previousId})`, "ce"]);
    });
  });

  test("a key whose rotation failed together with a rename is no other resource's previous key", async () => {
    await start(options);
    await succeed(period(1, more));
    const removeFault = sandbox.fail({ kind: "status", status: 400, method: "POST", times: Infinity });
    expect((await stack.up(period(2, { ...more, name: "cd" }))).errors).toHaveLength(1);
    removeFault();
    await succeed(period(1, more));
    const other = new Stack(sandbox);
    for (const turn of [1, 2]) expect((await other.up(period(turn, { ...more, name: "cd" }))).errors).toEqual([]);
    expect(secrets()).toContain(ci().hash);
  });

  test("if several keys may be the previous one of a key that moves, nothing changes until a refresh", async () => {
    await start(options);
    await succeed(period(1, more));
    await succeed(period(2, more));
    const removeFault = sandbox.fail({ kind: "status", status: 403, method: "DELETE", times: Infinity });
    expect((await stack.up(period(3, more))).errors).toHaveLength(1);
    removeFault();
    const { hash, previousHash } = ci();
    const before = sandbox.keys();
    const moved = { other: { ...period(3, more).ci, adopt: adoptOf(hash) } };
    const { errors } = await stack.up(moved);
    expect(messagesOf(errors)).toEqual([expect.stringContaining('may be the previous key of application key "ci"')]);
    expect(sandbox.keys()).toEqual(before);
    expect((await stack.up(moved, { refresh: true })).errors).toEqual([]);
    expect(secrets()).toEqual([previousHash, hash]);
  });

  test.each([
    ["first", false],
    ["first", true],
    ["second", true],
  ] as const)(
    "after a kill in the %s rotation, the key in use stays valid (refresh: %s)",
    async (rotation, refresh) => {
      await start(options);
      await succeed(period(1, more));
      if (rotation === "second") await succeed(period(2, more));
      const { hash } = ci();
      const beside = { other: { name: "other", ...more } };
      await stack.up({ ...period(3, more), ...beside }, { killedAfterCreate: "ci" });
      const lost = sandbox.keys().find(({ name }) => name === "ci")?.key;
      const program = { ...period(3, { ...more, adopt: adoptOf(lost) }), ...beside };
      expect((await stack.up(program, { refresh })).errors).toEqual([]);
      expect(ci().hash).toBe(lost);
      if (options.oneTimeRead !== true || refresh) expect(ci().previousHash).toBe(hash);
      expect(secrets()).toEqual(expect.arrayContaining([hash, lost]));
      expect(secrets()).toHaveLength(3);
    },
  );

  test("resources that swap their names keep their previous keys", async () => {
    await start(options);
    const both = (turn: number, one: string, two: string) => ({
      one: period(turn, { ...more, name: one }).ci,
      two: period(turn, { ...more, name: two }).ci,
    });
    await succeed(both(1, "x", "y"));
    await succeed(both(2, "x", "y"));
    await succeed(both(2, "y", "x"));
    const outputs = (name: string) => stack.resources.get(name)?.outputs;
    const before = [outputs("one"), outputs("two")];
    const adopt = ({ hash }: { hash?: string } = {}) => ({ adopt: adoptOf(hash) });
    const [one, two] = [both(2, "y", "x").one, both(2, "y", "x").two];
    await succeed({ three: { ...one, ...adopt(before[0]) }, four: { ...two, ...adopt(before[1]) } });
    expect([outputs("three"), outputs("four")]).toMatchObject(
      before.map((state) => ({ hash: state?.hash, previousId: state?.previousId })),
    );
  });

  test("a previous key that another resource has adopted follows that one's name and no other", async () => {
    await start(options);
    await succeed(period(1, more));
    await succeed(period(2, more));
    const { previousId = "", previousHash } = ci();
    const program = (name: string, mine: string) => ({
      promoted: { name: mine, ...more, adopt: adoptOf(previousHash) },
      ...period(2, { ...more, name }),
    });
    const flags = { options: { ci: { dependsOn: ["promoted"] } } };
    const mine = `ci (previous ${previousId})`;
    for (const [name, own] of [
      ["ci", mine],
      ["cd", mine],
      ["ce", "mine"],
    ] as const) {
      expect((await stack.up(program(name, own), flags)).errors).toEqual([]);
      expect(names()).toEqual([own, name]);
    }
    expect(await requestsOf(() => stack.up(program("ce", "mine"), flags))).toEqual([]);
  });

  test("once another resource has adopted the previous key, no command for its former resource revokes it", async () => {
    await start(options);
    await succeed(period(1, more));
    await succeed(period(2, more));
    const { previousId = "", previousHash } = ci();
    const promoted = { name: `ci (previous ${previousId})`, ...more, adopt: adoptOf(previousHash) };
    const flags = { options: { ci: { dependsOn: ["promoted"] } } };
    const { errors, printed } = await stack.up({ promoted, ...period(2, more) }, flags);
    expect(errors).toEqual([]);
    expect(printed).toEqual([expect.stringContaining('because ApplicationKey "promoted" has it now')]);
    expect(ci().previousId).toBeUndefined();
    expect((await stack.up({ promoted, ...period(3, more) }, { target: ["ci"] })).errors).toEqual([]);
    expect((await stack.up({ promoted, ...period(3, { ...more, keepPrevious: false }) })).errors).toEqual([]);
    expect(secrets()).toEqual([previousHash, ci().hash]);
  });

  test("a previous key that another resource is adopting is not revoked when it is switched off", async () => {
    await start(options);
    await succeed(period(1, more));
    await succeed(period(2, more));
    const { previousId = "", previousHash } = ci();
    const promoted = { name: `ci (previous ${previousId})`, ...more, adopt: adoptOf(previousHash) };
    const program = { promoted, first: { name: "first", ...more }, ...period(2, { ...more, keepPrevious: false }) };
    // The look-ups of the adoption are still under way when the update of ci begins.
    sandbox.fail({ kind: "delay-after", ms: 100, method: "GET", times: Infinity });
    expect((await stack.up(program, { options: { ci: { dependsOn: ["first"] } } })).errors).toEqual([]);
    expect(stack.resources.get("promoted")?.outputs.hash).toBe(previousHash);
    expect(secrets()).toContain(previousHash);
  });

  test("switching it off while another resource adopts the previous key leaves no secret of a revoked key", async () => {
    await start(options);
    await succeed(period(1, more));
    await succeed(period(2, more));
    const { previousId = "", previousHash } = ci();
    sandbox.fail({ kind: "delay", ms: 100, method: "DELETE" });
    const promoted = { name: `ci (previous ${previousId})`, ...more, adopt: adoptOf(previousHash) };
    await stack.up({ ...period(2, { ...more, keepPrevious: false }), promoted });
    expect(secrets()).toEqual(expect.arrayContaining(stack.state().map(({ outputs }) => outputs.hash)));
  });

  test("switching it off leaves a previous key alone that another resource has just adopted", async () => {
    await start(options);
    await succeed(period(1, more));
    await succeed(period(2, more));
    const { hash, previousId = "", previousHash } = ci();
    const promoted = { name: `ci (previous ${previousId})`, ...more, adopt: adoptOf(previousHash) };
    const program = { promoted, ...period(2, { ...more, keepPrevious: false }) };
    const { errors, printed } = await stack.up(program, { options: { ci: { dependsOn: ["promoted"] } } });
    expect(errors).toEqual([]);
    expect(printed).toEqual([expect.stringContaining('is not revoked, because ApplicationKey "promoted" has it now')]);
    expect(stack.resources.get("promoted")?.outputs.hash).toBe(previousHash);
    expect(secrets()).toEqual([previousHash, hash]);
  });
});

describe("with keepPrevious", () => {
  test("a refresh without changes sends the same requests as without keepPrevious", async () => {
    await start();
    await succeed(period(1));
    await succeed(period(2));
    expect(await requestsOf(() => stack.refresh())).toEqual(["GET"]);
    expect(await requestsOf(() => stack.up(period(2)))).toEqual([]);
  });

  test("switching it on sends nothing, and the next rotation keeps the previous key", async () => {
    await start();
    await succeed(period(1, { keepPrevious: false }));
    expect(await requestsOf(() => succeed(period(1)))).toEqual([]);
    const { hash } = ci();
    await succeed(period(2));
    expect(secrets()).toEqual([hash, ci().hash]);
  });

  test("only one key is left if it is switched off in the run that rotates", async () => {
    await start();
    await succeed(period(1));
    await succeed(period(2));
    await succeed(period(3, { keepPrevious: false }));
    expect(secrets()).toEqual([ci().hash]);
  });

  test.each([false, true])(
    "a key that could not be revoked when it was switched off is not forgotten (One-Time Read: %s)",
    async (oneTimeRead) => {
      await start({ oneTimeRead });
      await succeed(period(1));
      await succeed(period(2));
      const removeFault = sandbox.fail({ kind: "status", status: 403, method: "DELETE", times: Infinity });
      const off = period(2, { keepPrevious: false });
      const { errors } = await stack.up(off);
      expect(messagesOf(errors)).toEqual([expect.stringContaining("is still valid")]);
      expect(ci().previousHash).toBeUndefined();
      removeFault();
      await succeed(off);
      expect(secrets()).toEqual([ci().hash]);
    },
  );

  test("if a rotation could not delete the old resource, the next up does, and keeps its key", async () => {
    await start();
    await succeed(period(1));
    await succeed(period(2));
    const { hash: second } = ci();
    const removeFault = sandbox.fail({ kind: "status", status: 403, method: "DELETE", times: Infinity });
    expect((await stack.up(period(3))).errors).toHaveLength(1);
    removeFault();
    expect(secrets()).toHaveLength(3);
    await succeed(period(3));
    expect(secrets()).toEqual([second, ci().hash]);
    expect(stack.state()).toHaveLength(1);
  });

  test("a pending deletion says nothing of a previous key that was revoked because keepPrevious was switched off", async () => {
    await start();
    await succeed(period(1));
    await succeed(period(2));
    const removeFault = sandbox.fail({ kind: "status", status: 403, method: "DELETE", times: Infinity });
    expect((await stack.up(period(3))).errors).toHaveLength(1);
    removeFault();
    expect(await succeed(period(3, { keepPrevious: false }))).toEqual([]);
    expect(secrets()).toEqual([ci().hash]);
    expect(stack.state()).toHaveLength(1);
  });

  test("a pending deletion of one rotation does not revoke the previous key of the next rotation that fails", async () => {
    await start();
    await succeed(period(1));
    await succeed(period(2));
    const { hash: second } = ci();
    let removeFault = sandbox.fail({ kind: "status", status: 403, method: "DELETE", times: Infinity });
    await stack.up(period(3));
    removeFault();
    removeFault = sandbox.fail({ kind: "status", status: 400, method: "POST", times: Infinity });
    const { errors } = await stack.up(period(4), { continueOnError: true });
    expect(errors).toHaveLength(1);
    removeFault();
    expect(secrets()).toEqual(expect.arrayContaining([second, ci().hash]));
    const { hash: third } = ci();
    await succeed(period(4));
    expect(secrets()).toEqual([third, ci().hash]);
  });

  test("a destroy with a pending deletion revokes everything", async () => {
    await start();
    await succeed(period(1));
    await succeed(period(2));
    const removeFault = sandbox.fail({ kind: "status", status: 403, method: "DELETE", times: Infinity });
    await stack.up(period(3));
    removeFault();
    expect((await stack.destroy()).errors).toEqual([]);
    expect(secrets()).toEqual([]);
  });

  test("if the new key is refused, the old one stays renamed until the next up", async () => {
    await start();
    await succeed(period(1));
    const removeFault = sandbox.fail({ kind: "status", status: 400, method: "POST" });
    expect((await stack.up(period(2))).errors).toHaveLength(1);
    removeFault();
    expect(names()).toEqual([`ci (previous ${ci().id ?? ""})`]);
    await succeed(period(2));
    expect(secrets()).toEqual([ci().previousHash, ci().hash]);
  });

  test("deleteBeforeReplace revokes the old key first, so there is no previous key", async () => {
    await start();
    const options = { ci: { deleteBeforeReplace: true } };
    await stack.up(period(1), { options });
    expect((await stack.up(period(2), { options })).errors).toEqual([]);
    expect(ci().previousId).toBeUndefined();
    expect(secrets()).toEqual([ci().hash]);
  });

  test("a requested replacement revokes both keys and says why", async () => {
    await start();
    const run = (replacementTrigger: string, turn: number) =>
      stack.up(period(turn), { options: { ci: { replacementTrigger } } });
    await run("a", 1);
    await run("a", 2);
    const { errors, printed } = await run("b", 2);
    expect(errors).toEqual([]);
    expect(printed).toEqual([expect.stringContaining("despite `keepPrevious`")]);
    expect(secrets()).toEqual([ci().hash]);
  });

  test('--replace with adopt: "replace" creates a new key, and the previous one stays in the state', async () => {
    await start();
    await succeed(period(1, { adopt: "replace" }));
    await succeed(period(2, { adopt: "replace" }));
    expect((await stack.up(period(2, { adopt: "replace" }), { replace: ["ci"] })).errors).toEqual([]);
    expect(secrets()).toEqual([ci().previousHash, ci().hash]);
  });

  test.each([true, "replace"] as const)(
    "a rotation with adopt: %s creates a new key and adopts none that exists",
    async (adopt) => {
      await start({ uniqueNames: false });
      await succeed(period(1, { adopt }));
      await succeed(period(2, { adopt }));
      const { hash } = ci();
      await succeed(period(3, { adopt }));
      expect(secrets()).toEqual([hash, ci().hash]);
    },
  );

  test.each(["v1", "v2"] as const)(
    'with %s, adopt: "replace" does not revoke another user\'s previous key with that name',
    async (apiVersion) => {
      await start({ uniqueNames: "owner", user: "admin" });
      const admin = { appKey: sandbox.appKey };
      const user = { appKey: sandbox.user("user").appKey };
      const theirs = new Stack(sandbox);
      for (const turn of [1, 2]) expect((await theirs.up(period(turn, { apiVersion }), user)).errors).toEqual([]);
      const before = sandbox.keys();
      const ours = { ci: { name: "ci", apiVersion, adopt: "replace" as const } };
      expect((await stack.up(ours, admin)).errors).toEqual([]);
      expect(sandbox.keys()).toMatchObject([...before, { key: ci().hash }]);
    },
  );

  test("when another resource adopts a key, its previous key is revoked", async () => {
    await start();
    await succeed(period(1));
    await succeed(period(2));
    const { hash } = ci();
    await succeed({ moved: { name: "ci", adopt: true } });
    expect(secrets()).toEqual([hash]);
  });

  test("a rename by a user who may not see the previous key succeeds, and a line says what to do", async () => {
    await start({ uniqueNames: "owner", users: [colleague] });
    await succeed(period(1));
    const { appKey } = sandbox.user(colleague.handle);
    expect(messagesOf((await stack.up(period(2), { appKey })).errors)).toEqual([]);
    const { key: narrow } = sandbox.add({ name: "narrow", owner: colleague.handle, scopes: ["user_app_keys"] });
    const renamed = await stack.up(period(2, { name: "cd" }), { appKey: narrow });
    expect(messagesOf(renamed.errors)).toEqual([]);
    expect(renamed.printed).toContainEqual(expect.stringMatching(/keeps this name, .*Rename it in Datadog/));
  });

  test("a move to a service account keeps the user's key as the previous one", async () => {
    const account = { id: "5ea50001-0000-4000-8000-000000000001", handle: "robot", serviceAccount: true };
    await start({ users: [account] });
    const admin = sandbox.users.find(({ handle }) => handle.startsWith("admin"));
    stack = new Stack({ url: sandbox.url, apiKey: sandbox.apiKey, appKey: admin?.appKey ?? sandbox.appKey });
    await succeed(period(1));
    const { hash } = ci();
    await succeed(period(1, { serviceAccountId: account.id }));
    expect(secrets()).toEqual([hash, ci().hash]);
    expect((await stack.refresh()).errors).toEqual([]);
    expect(ci().previousHash).toBe(hash);
    await succeed(period(2, { serviceAccountId: account.id }));
    expect(secrets()).not.toContain(hash);
    expect(secrets()).toHaveLength(2);
  });
});
