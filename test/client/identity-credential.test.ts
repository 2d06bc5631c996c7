import { describe, expect, test } from "vitest";
import type { KeyInputs } from "../../provider/lifecycle/model/inputs";
import { messagesOf } from "./support/messages";
import { connectionTo, modes, namesOf, secretsOf, start } from "./support/organisations";
import { type Program, Stack } from "./support/stack";

describe.each(modes)("with %s, if the stack manages the key that it uses as credential", (_, options, more) => {
  const others = Object.fromEntries(["b", "c", "d"].map((name) => [name, { name, ...more }]));
  const program = (ci: Partial<KeyInputs> = {}): Program => ({ ci: { name: "ci", ...more, ...ci }, ...others });
  const turn = (n: string, inputs: Partial<KeyInputs> = {}) => program({ keepers: { n }, ...inputs });

  const deployed = async (inputs: Partial<KeyInputs> = {}) => {
    const sandbox = await start(options);
    const stack = new Stack(sandbox);
    expect(messagesOf((await stack.up(turn("1", inputs))).errors)).toEqual([]);
    const appKey = stack.resources.get("ci")?.outputs.hash ?? "";
    return { sandbox, stack, appKey, as: { appKey } };
  };

  /** The error must name the setting that has the key, and the next step. */
  const expectRefusal = (errors: readonly Error[]) => {
    expect(errors).toHaveLength(1);
    expect(errors[0]?.message).toContain("datadog:appKey");
    expect(errors[0]?.message).toMatch(/`pulumi (up|destroy|config)/);
  };

  test.each([true, false])(
    "a rotation (in parallel: %s) revokes all other old keys, and the next up with the new key revokes that one",
    async (parallel) => {
      const { sandbox, stack, appKey, as } = await deployed();
      const all = Object.fromEntries(
        Object.entries(turn("2")).map(([name, inputs]) => [name, { ...inputs, keepers: { n: "2" } }]),
      );
      const { errors } = await stack.up(all, { ...as, parallel });
      expectRefusal(errors);
      expect(secretsOf(sandbox)).toContain(appKey);
      const made = stack.resources.get("ci")?.outputs.hash ?? "";
      expect(made).not.toBe(appKey);
      expect(secretsOf(sandbox)).toContain(made);
      expect((await stack.up(all, { appKey: made })).errors).toEqual([]);
      expect(namesOf(sandbox).sort()).toEqual(["b", "c", "ci", "d"]);
      expect(secretsOf(sandbox)).not.toContain(appKey);
      expect(stack.state()).toHaveLength(4);
    },
  );

  test.each([true, false])(
    "a destroy (in parallel: %s) revokes all other keys, refuses to revoke that one, and keeps it in the state",
    async (parallel) => {
      const { sandbox, stack, appKey, as } = await deployed();
      const { errors } = await stack.destroy({ ...as, parallel, continueOnError: true });
      expectRefusal(errors);
      expect(secretsOf(sandbox)).toEqual([appKey]);
      expect(stack.state().map(({ outputs }) => outputs.hash)).toEqual([appKey]);
      expect((await stack.destroy()).errors).toEqual([]);
      expect(sandbox.keys()).toEqual([]);
    },
  );

  test("a destroy --refresh does the same", async () => {
    const { sandbox, stack, appKey, as } = await deployed();
    expectRefusal((await stack.destroy({ ...as, refresh: true })).errors);
    expect(secretsOf(sandbox)).toEqual([appKey]);
  });

  test("only its removal from the program is refused", async () => {
    const { sandbox, stack, appKey, as } = await deployed();
    expectRefusal((await stack.up({ b: { name: "b", ...more } }, as)).errors);
    expect(secretsOf(sandbox).sort()).toEqual([appKey, stack.resources.get("b")?.outputs.hash].sort());
  });

  test("deleteBeforeReplace does not leave the organisation without a key", async () => {
    const { sandbox, stack, appKey, as } = await deployed();
    const before = sandbox.keys().map(({ id }) => id);
    const { errors } = await stack.up(turn("2"), { ...as, options: { ci: { deleteBeforeReplace: true } } });
    expectRefusal(errors);
    expect(sandbox.keys().map(({ id }) => id)).toEqual(before);
    expect(stack.resources.get("ci")?.outputs.hash).toBe(appKey);
  });

  test("with keepPrevious a rotation succeeds, and the next rotation with the new credential revokes the old key", async () => {
    const { sandbox, stack, appKey, as } = await deployed({ keepPrevious: true });
    const kept = (n: string) => turn(n, { keepPrevious: true });
    expect(messagesOf((await stack.up(kept("2"), as)).errors)).toEqual([]);
    expect(secretsOf(sandbox)).toContain(appKey);
    const made = stack.resources.get("ci")?.outputs.hash ?? "";
    expect(messagesOf((await stack.up(kept("3"), { appKey: made })).errors)).toEqual([]);
    expect(secretsOf(sandbox)).not.toContain(appKey);
    expect(secretsOf(sandbox)).toContain(made);
  });

  test("with keepPrevious a second rotation with the old credential does not revoke it, and keeps it in the state", async () => {
    const { sandbox, stack, appKey, as } = await deployed({ keepPrevious: true });
    const kept = (n: string) => turn(n, { keepPrevious: true });
    await stack.up(kept("2"), as);
    expectRefusal((await stack.up(kept("3"), as)).errors);
    expect(secretsOf(sandbox)).toContain(appKey);
    const now = stack.resources.get("ci")?.outputs.hash ?? "";
    expect(messagesOf((await stack.up(kept("3"), { appKey: now })).errors)).toEqual([]);
    expect(secretsOf(sandbox)).not.toContain(appKey);
    expect(secretsOf(sandbox)).toContain(now);
  });

  test("keepPrevious cannot be switched off while the previous key is the credential", async () => {
    const { sandbox, stack, appKey, as } = await deployed({ keepPrevious: true });
    await stack.up(turn("2", { keepPrevious: true }), as);
    expectRefusal((await stack.up(turn("2"), as)).errors);
    expect(secretsOf(sandbox)).toContain(appKey);
    const now = stack.resources.get("ci")?.outputs.hash ?? "";
    expect(messagesOf((await stack.up(turn("2"), { appKey: now })).errors)).toEqual([]);
    expect(secretsOf(sandbox)).not.toContain(appKey);
    expect(sandbox.keys()).toHaveLength(4);
  });

  test("a destroy with the previous key as credential revokes the current key, and refuses to revoke the previous one", async () => {
    const { sandbox, stack, appKey, as } = await deployed({ keepPrevious: true });
    await stack.up(turn("2", { keepPrevious: true }), as);
    expectRefusal((await stack.destroy(as)).errors);
    expect(secretsOf(sandbox)).toContain(appKey);
    expect((await stack.destroy()).errors).toEqual([]);
    expect(sandbox.keys()).toEqual([]);
  });

  test('adopt: "replace" does not revoke it', async () => {
    const sandbox = await start(options);
    const { key } = sandbox.add({ name: "ci" });
    const stack = new Stack(sandbox);
    const { errors } = await stack.up(program({ adopt: "replace" }), { appKey: key });
    expectRefusal(errors);
    expect(secretsOf(sandbox)).toContain(key);
    const made = stack.resources.get("ci")?.outputs.hash ?? "";
    expect(messagesOf((await stack.up(program({ adopt: "replace" }), { appKey: made })).errors)).toEqual([]);
    expect(secretsOf(sandbox)).not.toContain(key);
    expect(sandbox.keys()).toHaveLength(4);
  });

  test("the credential of a second connection is not revoked with itself either", async () => {
    const sandbox = await start(options);
    const stack = new Stack(sandbox);
    const viaEu = { ci: { name: "ci", ...more, connection: "eu" } };
    await stack.up(viaEu, { config: connectionTo(sandbox) });
    const appKey = stack.resources.get("ci")?.outputs.hash ?? "";
    const { errors } = await stack.destroy({ config: connectionTo({ ...sandbox, appKey }) });
    expect(errors).toHaveLength(1);
    expect(errors[0]?.message).toContain("datadog-eu:appKey");
    expect(secretsOf(sandbox)).toEqual([appKey]);
  });

  test("a preview warns about a rotation, unless there is keepPrevious, another credential or no change", async () => {
    const { stack, as } = await deployed();
    const warned = async (next: Program, who: object) => {
      const { errors, printed } = await stack.preview(next, who);
      expect(errors).toEqual([]);
      return printed.filter((line) => line.includes("datadog:appKey"));
    };
    expect(await warned(turn("2"), as)).toHaveLength(1);
    expect(await warned(turn("1"), as)).toEqual([]);
    expect(await warned(turn("2"), {})).toEqual([]);
    expect(await warned(turn("2", { keepPrevious: true }), as)).toEqual([]);
  });
});
