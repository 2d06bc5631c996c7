import { describe, expect, test } from "vitest";
import type { KeyInputs } from "../../provider/lifecycle/model/inputs";
import { messagesOf } from "./support/messages";
import { modes, namesOf, secretsOf, start } from "./support/organisations";
import { type Program, Stack } from "./support/stack";

describe.each(modes)("with %s, if a resource is renamed with an alias", (mode, options, more) => {
  const inputs = (change: Partial<KeyInputs> = {}): KeyInputs => ({
    name: "ci",
    ...more,
    keepers: { turn: "1" },
    keepPrevious: true,
    ...change,
  });
  const deployed = async () => {
    const sandbox = await start(options);
    const stack = new Stack(sandbox);
    await stack.up({ before: inputs(), other: { name: "other", ...more } });
    const key = stack.resources.get("before")?.outputs.hash ?? "";
    const up = (program: Program, refresh: boolean) =>
      stack.up(program, { refresh, options: { after: { aliases: ["before"] } } });
    return { sandbox, stack, key, up };
  };
  const others = { other: { name: "other", ...more } };

  describe.each([false, true])("in an up with --refresh: %s", (refresh) => {
    test("and nothing else changes, its key stays the same", async () => {
      const { sandbox, stack, key, up } = await deployed();
      const keys = sandbox.keys();
      expect(messagesOf((await up({ after: inputs(), ...others }, refresh)).errors)).toEqual([]);
      expect(sandbox.keys()).toEqual(keys);
      expect(stack.resources.get("after")?.outputs.hash).toBe(key);
      expect(messagesOf((await stack.destroy()).errors)).toEqual([]);
      expect(sandbox.keys()).toEqual([]);
    });

    test("and rotated in the same run, the previous key stays valid until the next rotation", async () => {
      const { sandbox, stack, key, up } = await deployed();
      const rotated = (turn: string) => ({ after: inputs({ keepers: { turn } }), ...others });
      expect(messagesOf((await up(rotated("2"), refresh)).errors)).toEqual([]);
      expect(stack.resources.get("after")?.outputs.previousHash).toBe(key);
      expect(secretsOf(sandbox)).toContain(key);
      expect(messagesOf((await up(rotated("3"), refresh)).errors)).toEqual([]);
      expect(secretsOf(sandbox)).not.toContain(key);
      expect(sandbox.keys()).toHaveLength(3);
    });

    test("and its key is renamed too, a new resource with the old name gets a new key", async () => {
      const { sandbox, stack, key, up } = await deployed();
      const program = { after: inputs({ name: "ci 2" }), ...others, before: { name: "ci", ...more } };
      expect(messagesOf((await up(program, refresh)).errors)).toEqual([]);
      expect(namesOf(sandbox).sort()).toEqual(["ci", "ci 2", "other"]);
      expect(stack.resources.get("after")?.outputs.hash).toBe(key);
      expect(stack.resources.get("before")?.outputs.hash).not.toBe(key);
    });

    test("and tainted while it has adopt, its key stays the same", async () => {
      const { sandbox, stack, key, up } = await deployed();
      const adopt = mode === "One-Time Read" ? { secret: key } : true;
      const program = { after: inputs({ adopt }), ...others };
      expect(messagesOf((await up(program, refresh)).errors)).toEqual([]);
      stack.taint("after");
      // The outputs in the state have the resource's old name, so this looks like a key that moves to another resource.
      const { errors, printed } = await up(program, refresh);
      expect([...messagesOf(errors), ...printed].join()).toMatch(/[Cc]hange `keepers`/);
      expect(secretsOf(sandbox)).toContain(key);
      expect(messagesOf((await up(program, refresh)).errors)).toEqual([]);
      expect(stack.state()).toHaveLength(2);
    });
  });

  // Without an alias this is another resource, and only adopt says that it has the same key.
  test("but without the alias, adopt moves the key and it stays valid, with --refresh too", async () => {
    for (const refresh of [false, true]) {
      const { sandbox, stack, key } = await deployed();
      const adopt = mode === "One-Time Read" ? { secret: key } : true;
      const { errors } = await stack.up({ after: inputs({ adopt }), ...others }, { refresh });
      expect(messagesOf(errors)).toEqual([]);
      expect(secretsOf(sandbox)).toContain(key);
      expect(sandbox.keys()).toHaveLength(2);
      expect(stack.resources.get("after")?.outputs.hash).toBe(key);
    }
  });
});
