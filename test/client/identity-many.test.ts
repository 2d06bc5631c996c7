import { describe, expect, test } from "vitest";
import { messagesOf } from "./support/messages";
import { modes, namesOf, secretsOf, start } from "./support/organisations";
import { Stack } from "./support/stack";
import { VirtualClock } from "./support/virtual-clock";

describe.each(modes)("with %s, if several creates lose their answers at the same time", (_, options, more) => {
  test.each(["drop-after", "drop-before"] as const)("they wait in parallel: %s", async (kind) => {
    const clock = new VirtualClock();
    const sandbox = await start({ ...options, now: () => clock.now() });
    const stack = new Stack(sandbox);
    const names = ["a", "b", "c", "d", "e", "f"];
    const program = Object.fromEntries(names.map((name) => [name, { name, ...more }]));
    sandbox.fail({ kind, method: "POST", times: names.length });
    const { errors } = await stack.up(program, { clock });
    expect(messagesOf(errors)).toEqual([]);
    expect(namesOf(sandbox).sort()).toEqual(names);
    expect(
      stack
        .state()
        .map(({ outputs }) => outputs.hash)
        .sort(),
    ).toEqual(secretsOf(sandbox).sort());
    expect(clock.now()).toBeLessThan(60_000);
  });
});

describe("if v2's total of a list is wrong", () => {
  const rules = { kind: "wrong-type-field", field: "total_filtered_count", times: Infinity } as const;
  const keys = Array.from({ length: 150 }, (_, index) => ({ name: `key ${index}` }));

  test.each([1_000_000_000, 151, 10_000])(
    "because it is far too great (%d), the number of requests is still limited",
    async (value) => {
      const sandbox = await start({ keys });
      const stack = new Stack(sandbox);
      // Stops a client that never stops sending requests.
      sandbox.fail({ kind: "status", status: 400, method: "GET", nth: 300, times: Infinity });
      sandbox.fail({ ...rules, value });
      const { errors } = await stack.up({ ci: { name: "ci", apiVersion: "v2" } });
      expect(sandbox.requests().length).toBeLessThan(50);
      if (errors.length === 0) expect(namesOf(sandbox)).toContain("ci");
      else expect(sandbox.keys()).toHaveLength(150);
    },
  );

  test.each([0, 1, -5])("because it is too small (%d), no key counts as gone", async (value) => {
    const clock = new VirtualClock();
    const sandbox = await start({ now: () => clock.now(), keys });
    const stack = new Stack(sandbox);
    const program = Object.fromEntries(["a", "b", "c"].map((name) => [name, { name, apiVersion: "v2" as const }]));
    await stack.up(program, { clock });
    const before = secretsOf(sandbox);
    clock.advance(60_000);
    sandbox.fail({ ...rules, value });
    await stack.refresh({ clock });
    expect(stack.state()).toHaveLength(3);
    await stack.up(program, { clock });
    expect(secretsOf(sandbox)).toEqual(before);
  });
});

describe("after v1 is disabled, a v1 key that adopt replaced and that could not be revoked", () => {
  test.each(["up", "destroy", "refresh and up"] as const)("is found through v2 and revoked by %s", async (command) => {
    const clock = new VirtualClock();
    const sandbox = await start({ now: () => clock.now(), keys: [{ name: "ci" }] });
    const stack = new Stack(sandbox);
    const program = { ci: { name: "ci", adopt: "replace" as const } };
    const removeFault = sandbox.fail({ kind: "status", status: 500, method: "DELETE", times: Infinity });
    expect((await stack.up(program, { clock })).errors).toHaveLength(1);
    removeFault();
    expect(sandbox.keys()).toHaveLength(2);
    clock.advance(60_000);
    sandbox.setOneTimeRead(true);
    if (command === "refresh and up") expect(messagesOf((await stack.refresh({ clock })).errors)).toEqual([]);
    const { errors } = command === "destroy" ? await stack.destroy({ clock }) : await stack.up(program, { clock });
    expect(messagesOf(errors)).toEqual([]);
    expect(namesOf(sandbox)).toEqual(command === "destroy" ? [] : ["ci"]);
    expect(stack.state().map(({ outputs }) => outputs.hash)).toEqual(secretsOf(sandbox));
    expect(stack.state()[0]?.outputs.superseded).toBeUndefined();
  });

  test("is found and revoked even if it is a previous key that keepPrevious no longer keeps", async () => {
    const clock = new VirtualClock();
    const sandbox = await start({ now: () => clock.now() });
    const stack = new Stack(sandbox);
    const kept = (turn: string, keepPrevious = true) => ({ ci: { name: "ci", keepers: { turn }, keepPrevious } });
    for (const turn of ["1", "2"]) await stack.up(kept(turn), { clock });
    const removeFault = sandbox.fail({ kind: "status", status: 500, method: "DELETE", times: Infinity });
    expect((await stack.up(kept("2", false), { clock })).errors).toHaveLength(1);
    removeFault();
    clock.advance(60_000);
    sandbox.setOneTimeRead(true);
    expect(messagesOf((await stack.up(kept("2", false), { clock })).errors)).toEqual([]);
    expect(namesOf(sandbox)).toEqual(["ci"]);
  });
});

describe.each(modes)(
  "with %s and late reads, when a user who may change all keys works on another user's keys",
  (_, options, more) => {
    test("the provider knows everything that it has renamed or revoked, whichever path it used", async () => {
      for (const readLag of [3, 20]) {
        const clock = new VirtualClock();
        const keeper = {
          handle: "keeper@example.com",
          permissions: ["user_app_keys", "org_app_keys_read", "org_app_keys_write"],
        } as const;
        const sandbox = await start({
          ...options,
          readLagMs: readLag * 1000,
          now: () => clock.now(),
          users: [{ ...keeper, permissions: [...keeper.permissions] }],
          keys: [{ name: "the keeper's", owner: keeper.handle }],
        });
        const stack = new Stack(sandbox);
        const names = ["a", "b", "c", "d"];
        const program = Object.fromEntries(names.map((name) => [name, { name, ...more }]));
        await stack.up(program, { clock });
        clock.advance(60_000);
        const as = { clock, appKey: sandbox.user(keeper.handle).appKey };
        // a and b swap names, c gives its name to a new key, and d is revoked before it is replaced.
        const next = {
          a: { name: "b", ...more },
          b: { name: "a", ...more },
          c: { name: "c 2", ...more },
          d: { name: "d", ...more, keepers: { turn: "2" } },
          e: { name: "c", ...more },
        };
        const { errors } = await stack.up(next, {
          ...as,
          refresh: true,
          options: { d: { deleteBeforeReplace: true } },
        });
        expect(messagesOf(errors)).toEqual([]);
        const declared = Object.fromEntries(Object.entries(next).map(([resource, { name }]) => [resource, name]));
        const found = Object.fromEntries(
          [...stack.resources].map(([resource, { outputs }]) => [
            resource,
            sandbox.keys().find(({ key }) => key === outputs.hash)?.name,
          ]),
        );
        expect(found).toEqual(declared);
        expect(sandbox.keys()).toHaveLength(6);
        expect(messagesOf((await stack.destroy({ ...as, refresh: true })).errors)).toEqual([]);
        expect(namesOf(sandbox)).toEqual(["the keeper's"]);
      }
    });
  },
);
