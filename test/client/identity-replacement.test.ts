import { describe, expect, test } from "vitest";
import type { KeyInputs } from "../../provider/lifecycle/model/inputs";
import type { KeyState } from "../../provider/lifecycle/model/state";
import { messagesOf } from "./support/messages";
import { modes, namesOf, secretsOf, start } from "./support/organisations";
import { Stack } from "./support/stack";
import { VirtualClock } from "./support/virtual-clock";

describe.each(modes)("with %s, a replacement that adopts the same key again", (mode, options, more) => {
  const deployed = async () => {
    const sandbox = await start(options);
    const stack = new Stack(sandbox);
    await stack.up({ ci: { name: "ci", ...more } });
    const [key = ""] = secretsOf(sandbox);
    const adopt: KeyInputs["adopt"][] = mode === "One-Time Read" ? [{ secret: key }] : [true, { secret: key }];
    return { sandbox, stack, key, adopt };
  };

  test.each(["state taint", "up --replace"])("fails after %s and says that nothing was rotated", async (how) => {
    for (const index of mode === "One-Time Read" ? [0] : [0, 1]) {
      const { sandbox, stack, key, adopt } = await deployed();
      const program = { ci: { name: "ci", ...more, ...withAdopt(adopt[index]) } };
      expect((await stack.up(program)).errors).toEqual([]);
      if (how === "state taint") stack.taint("ci");
      const { errors, printed } = await stack.up(program, how === "state taint" ? {} : { replace: ["ci"] });
      expect(errors).toHaveLength(1);
      expect(errors[0]?.message).toMatch(/not(hing was)? rotated/);
      expect(errors[0]?.message).toContain("keepers");
      expect(printed.join()).not.toContain("another resource of this program");
      expect(secretsOf(sandbox)).toEqual([key]);
      expect(stack.resources.get("ci")?.outputs.hash).toBe(key);

      // The old resource that the state still has to delete has the same key as the new one.
      const again = await stack.up(program);
      expect(messagesOf(again.errors)).toEqual([]);
      expect(secretsOf(sandbox)).toEqual([key]);
      expect(stack.state().map(({ outputs }) => outputs.hash)).toEqual([key]);
    }
  });

  test("leaves a key that a destroy revokes", async () => {
    const { sandbox, stack, adopt } = await deployed();
    const program = { ci: { name: "ci", ...more, ...withAdopt(adopt[0]) } };
    await stack.up(program);
    expect((await stack.up(program, { replace: ["ci"] })).errors).toHaveLength(1);
    expect(messagesOf((await stack.destroy()).errors)).toEqual([]);
    expect(sandbox.keys()).toEqual([]);
    expect(stack.state()).toEqual([]);
  });

  test("leaves a key that a change of keepers rotates", async () => {
    const { sandbox, stack, key, adopt } = await deployed();
    const program = { ci: { name: "ci", ...more, ...withAdopt(adopt[0]) } };
    await stack.up(program);
    expect((await stack.up(program, { replace: ["ci"] })).errors).toHaveLength(1);
    const rotated = { ci: { name: "ci", ...more, keepers: { turn: "2" } } };
    expect(messagesOf((await stack.up(rotated)).errors)).toEqual([]);
    expect(secretsOf(sandbox)).not.toContain(key);
    expect(namesOf(sandbox)).toEqual(["ci"]);
    expect(stack.state()).toHaveLength(1);
  });

  test("gives keepers as its first advice if there is no adopt", async () => {
    const { sandbox, stack, key } = await deployed();
    const { errors } = await stack.up({ ci: { name: "ci", ...more } }, { replace: ["ci"] });
    expect(errors).toHaveLength(1);
    const { message = "" } = errors[0] ?? {};
    expect(message).toContain("keepers");
    expect(message.indexOf("keepers")).toBeLessThan((message + "adopt: true").indexOf("adopt: true"));
    expect(secretsOf(sandbox)).toEqual([key]);
  });

  test('rotates with adopt: "replace"', async () => {
    const { sandbox, stack, key } = await deployed();
    const program = { ci: { name: "ci", ...more, adopt: "replace" as const } };
    expect(messagesOf((await stack.up(program, { replace: ["ci"] })).errors)).toEqual([]);
    expect(namesOf(sandbox)).toEqual(["ci"]);
    expect(secretsOf(sandbox)).not.toContain(key);
  });
});

describe("a rotation with keepPrevious keeps the previous key, whatever options change the inputs", () => {
  const before: KeyInputs = {
    name: "ci",
    apiVersion: "v2",
    scopes: ["dashboards_read"],
    keepers: { turn: "1" },
    keepPrevious: true,
  };
  const cases: [string, Partial<KeyInputs>][] = [
    ["scopes", { scopes: ["monitors_read"] }],
    ["name", { name: "ci 2" }],
    ["actionsApi", { actionsApi: true }],
    ["adopt", { adopt: "replace" }],
    ["keepPrevious", { keepPrevious: true }],
  ];
  test.each(cases)("with ignoreChanges: [%j], if program and state differ", async (ignored, change) => {
    const sandbox = await start();
    const stack = new Stack(sandbox);
    await stack.up({ ci: before });
    const [first = ""] = secretsOf(sandbox);
    const { errors } = await stack.up(
      { ci: { ...before, ...change, keepers: { turn: "2" } } },
      { options: { ci: { ignoreChanges: [ignored] } } },
    );
    expect(messagesOf(errors)).toEqual([]);
    expect(secretsOf(sandbox)).toContain(first);
    expect(sandbox.keys()).toHaveLength(2);
    expect(stack.resources.get("ci")?.outputs).toMatchObject({ previousHash: first });
  });

  test.each(modes)(
    "with %s, two keys with equal inputs except the name each keep their own previous key",
    async (_, options, more) => {
      const sandbox = await start({ ...options, uniqueNames: false });
      const stack = new Stack(sandbox);
      const turn = (n: string) => ({
        a: { name: "a", ...more, keepers: { n }, keepPrevious: true },
        b: { name: "b", ...more, keepers: { n }, keepPrevious: true },
      });
      await stack.up(turn("1"));
      const before_ = new Map([...stack.resources].map(([name, { outputs }]) => [name, outputs.hash]));
      expect((await stack.up(turn("2"))).errors).toEqual([]);
      for (const [name, hash] of before_) expect(stack.resources.get(name)?.outputs.previousHash).toBe(hash);
    },
  );
});

describe.each(modes)("with %s, if pulumi is killed in a rotation with keepPrevious", (_, options, more) => {
  const turn = (n: string) => ({ ci: { name: "ci", ...more, keepers: { n }, keepPrevious: true } });

  test.each([
    ["before the create is sent", { kind: "drop-before", method: "POST" }],
    ["before the answer arrives", { kind: "drop-after", method: "POST" }],
    ["before the state contains the answer", undefined],
  ] as const)("%s, the current key stays valid as the previous key", async (_when, fault) => {
    for (const uniqueNames of ["organisation", false] as const) {
      const clock = new VirtualClock();
      const sandbox = await start({ ...options, uniqueNames, now: () => clock.now() });
      const stack = new Stack(sandbox);
      await stack.up(turn("1"), { clock });
      const [inUse = ""] = secretsOf(sandbox);
      if (fault) sandbox.fail(fault);
      const kill = fault ? { diesWaiting: true } : { killedAfterCreate: "ci" };
      expect((await stack.up(turn("2"), { clock, ...kill })).died).toBe(true);
      clock.advance(60_000);
      const isMade = fault?.kind !== "drop-before";
      const adopt = options.oneTimeRead ? ("replace" as const) : true;
      const again = { ci: { ...turn("2").ci, ...(isMade && { adopt }) } };
      expect(messagesOf((await stack.up(again, { clock })).errors)).toEqual([]);
      expect(secretsOf(sandbox)).toContain(inUse);
      expect(sandbox.keys()).toHaveLength(2);
      expect(stack.state()).toHaveLength(1);
      const { hash, previousHash, previousId } = stack.state()[0]?.outputs ?? {};
      // In One-Time Read mode its secret cannot be read again, and the state does not have it.
      if (options.oneTimeRead && !fault) expect(sandbox.keys().map(({ id }) => id)).toContain(previousId);
      else expect(previousHash).toBe(inUse);
      expect(secretsOf(sandbox)).toContain(hash);

      // The next rotation revokes it, and a destroy revokes all keys.
      expect((await stack.up(turn("3"), { clock })).errors).toEqual([]);
      expect(secretsOf(sandbox)).not.toContain(inUse);
      expect((await stack.destroy({ clock })).errors).toEqual([]);
      expect(sandbox.keys()).toEqual([]);
    }
  });

  test("and there is no adopt, the next up fails, names the remaining key, and revokes nothing", async () => {
    const clock = new VirtualClock();
    const sandbox = await start({ ...options, now: () => clock.now() });
    const stack = new Stack(sandbox);
    await stack.up(turn("1"), { clock });
    await stack.up(turn("2"), { clock, killedAfterCreate: "ci" });
    clock.advance(60_000);
    const before = secretsOf(sandbox);
    expect(before).toHaveLength(2);
    const { errors } = await stack.up(turn("2"), { clock });
    expect(errors).toHaveLength(1);
    expect(errors[0]?.message).toContain("adopt");
    expect(secretsOf(sandbox)).toEqual(before);
  });
});

describe.each(modes)("with %s, an alias of the program's own dynamic resource", (_, options, more) => {
  test("fails if names are unique, names the user's key that has the name, and changes nothing", async () => {
    const clock = new VirtualClock();
    const sandbox = await start({ ...options, now: () => clock.now() });
    const stack = new Stack(sandbox);
    const { id } = sandbox.add({ name: "ci" });
    const [inputs, outputs] = [{ name: "ci" }, { name: "ci" }] as [KeyInputs, KeyState];
    await stack.importResource("ci", { id, inputs, outputs }, {});
    const keys = sandbox.keys();
    clock.advance(3_600_000);
    const [message = "", ...others] = messagesOf((await stack.up({ ci: { name: "ci", ...more } }, { clock })).errors);
    expect(message).toMatch(/Your own key has it|exists already on/);
    expect(others).toEqual([]);
    expect(sandbox.keys()).toEqual(keys);
  });
});

function withAdopt(adopt: KeyInputs["adopt"]): Partial<KeyInputs> {
  return adopt === undefined ? {} : { adopt };
}
