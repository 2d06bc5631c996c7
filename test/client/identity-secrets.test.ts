import { describe, expect, test } from "vitest";
import type { KeyInputs } from "../../provider/lifecycle/model/inputs";
import { Secret } from "./support/engine/secrets";
import { leaksIn, unencrypted } from "./support/leaks";
import { messagesOf } from "./support/messages";
import { modes, secretsOf, start } from "./support/organisations";
import { Stack } from "./support/stack";

const password = "correct horse battery staple";

/** A value that the program marks as a secret. */
const secret = <T>(value: T) => new Secret(value) as unknown as T;

describe.each(modes)("with %s, the state", (_mode, options, more) => {
  const deployed = async (inputs: Partial<KeyInputs> = {}) => {
    const sandbox = await start(options);
    const stack = new Stack(sandbox);
    const up = async (change: Partial<KeyInputs>) => {
      const { errors } = await stack.up({ ci: { name: "ci", ...more, ...inputs, ...change } });
      expect(messagesOf(errors)).toEqual([]);
    };
    const expectNoSecret = () => {
      const plain = unencrypted(stack.state());
      expect(leaksIn(plain, sandbox)).toEqual([]);
      expect(plain).not.toContain(password);
    };
    await up({});
    return { sandbox, stack, up, expectNoSecret };
  };

  // Transformations, transforms and policies run after the constructor, so they can undo its marks of secrets.
  test("has no key in plain text, because the provider marks it itself in a create, refresh or rename", async () => {
    const { stack, up, expectNoSecret } = await deployed();
    expectNoSecret();
    expect((await stack.refresh()).errors).toEqual([]);
    expectNoSecret();
    await up({ name: "ci 2" });
    expectNoSecret();
  });

  test("has no previous key in plain text if a transformation sets keepPrevious", async () => {
    const { stack, up, expectNoSecret } = await deployed({ keepPrevious: true, keepers: { turn: "1" } });
    await up({ keepers: { turn: "2" } });
    expect(stack.state()[0]?.outputs.previousHash).toBeDefined();
    expectNoSecret();
    expect((await stack.refresh()).errors).toEqual([]);
    expectNoSecret();
    await up({ keepers: { turn: "2" }, name: "ci 2" });
    expectNoSecret();
  });

  test("has neither an adopted key nor adopt.secret in plain text, however it was set", async () => {
    const sandbox = await start(options);
    const { key } = sandbox.add({ name: "ci" });
    for (const given of [key, secret(key)]) {
      const stack = new Stack(sandbox);
      const { errors } = await stack.up({ ci: { name: "ci", ...more, adopt: { secret: given } } });
      expect(messagesOf(errors)).toEqual([]);
      expect(leaksIn(unencrypted(stack.state()), sandbox)).toEqual([]);
      expect((await stack.refresh()).errors).toEqual([]);
      expect(leaksIn(unencrypted(stack.state()), sandbox)).toEqual([]);
    }
  });

  test("has no key in plain text after a create or an update that was done in part", async () => {
    const { sandbox, stack, expectNoSecret } = await deployed({ keepPrevious: true, keepers: { turn: "1" } });
    sandbox.fail({ kind: "status", status: 500, method: "DELETE", times: Infinity });
    const partly = { ci: { name: "ci", ...more, keepPrevious: true } };
    for (const turn of ["2", "3"]) await stack.up({ ci: { ...partly.ci, keepers: { turn } } });
    expectNoSecret();
    await stack.up({ ci: { ...partly.ci, keepers: { turn: "3" }, keepPrevious: false, name: "ci 2" } });
    expectNoSecret();
  });

  test.each([
    ["one of them", { keepers: { turn: "1", db: secret(password) } }],
    ["all of them", { keepers: secret({ turn: "1", db: password }) }],
  ])("has no keeper in plain text that the program marks as secret: %s", async (_, inputs) => {
    const { sandbox, stack, up, expectNoSecret } = await deployed({ keepPrevious: true, ...inputs });
    expectNoSecret();
    await up({ keepers: { turn: "2" } });
    expect(stack.state()[0]?.outputs.previousHash).toBeDefined();
    expectNoSecret();
    expect((await stack.refresh()).errors).toEqual([]);
    expectNoSecret();
    // This holds even if the previous key could not be revoked and must still be.
    const removeFault = sandbox.fail({ kind: "status", status: 500, method: "DELETE", times: Infinity });
    const off = { ci: { name: "ci", ...more, keepers: { turn: "2" } } };
    expect((await stack.up(off)).errors).toHaveLength(1);
    expectNoSecret();
    removeFault();
    expect(messagesOf((await stack.up(off)).errors)).toEqual([]);
    expect(secretsOf(sandbox)).toHaveLength(1);
    expectNoSecret();
  });

  test("has no keeper in plain text of a key that adopt replaced and that could not be revoked", async () => {
    const { sandbox, stack, expectNoSecret } = await deployed({ keepers: { turn: "1", db: secret(password) } });
    sandbox.fail({ kind: "status", status: 500, method: "DELETE", times: Infinity });
    const next = { ci: { name: "ci", ...more, keepers: { turn: "2" }, adopt: "replace" as const } };
    await stack.up(next);
    expectNoSecret();
    await stack.up(next, { replace: ["ci"] });
    expectNoSecret();
  });

  test("does not change when the same program is previewed and deployed again", async () => {
    const inputs = { keepPrevious: true, keepers: { turn: "2", db: secret(password) } };
    const { sandbox, stack, up } = await deployed({ ...inputs, keepers: { turn: "1", db: secret(password) } });
    await up(inputs);
    const before = sandbox.requests().length;
    await up(inputs);
    expect(sandbox.requests()).toHaveLength(before);
    expect(stack.state()).toHaveLength(1);
    // A marked value reaches the provider in plain text, so the provider compares the value.
    await up({ ...inputs, keepers: { turn: "2", db: secret("another") } });
    expect(secretsOf(sandbox)).toHaveLength(2);
  });
});
