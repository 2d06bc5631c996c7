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

describe.each(modes)("what the state of a key of %s keeps in plain text", (_mode, options, more) => {
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

  // Transformations, transforms and policies run after the constructor, whatever it marks as secret.
  test("is no key: the provider marks them itself, whether it was created, refreshed or renamed", async () => {
    const { stack, up, expectNoSecret } = await deployed();
    expectNoSecret();
    expect((await stack.refresh()).errors).toEqual([]);
    expectNoSecret();
    await up({ name: "ci 2" });
    expectNoSecret();
  });

  test("is no previous key, where a transformation sets keepPrevious", async () => {
    const { stack, up, expectNoSecret } = await deployed({ keepPrevious: true, keepers: { turn: "1" } });
    await up({ keepers: { turn: "2" } });
    expect(stack.state()[0]?.outputs.previousHash).toBeDefined();
    expectNoSecret();
    expect((await stack.refresh()).errors).toEqual([]);
    expectNoSecret();
    await up({ keepers: { turn: "2" }, name: "ci 2" });
    expectNoSecret();
  });

  test("is neither an adopted key nor the secret in adopt, however it was set", async () => {
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

  test("is no key of a create or an update that was done in part", async () => {
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
  ])("is no keeper that the program marks as a secret: %s", async (_, inputs) => {
    const { sandbox, stack, up, expectNoSecret } = await deployed({ keepPrevious: true, ...inputs });
    expectNoSecret();
    await up({ keepers: { turn: "2" } });
    expect(stack.state()[0]?.outputs.previousHash).toBeDefined();
    expectNoSecret();
    expect((await stack.refresh()).errors).toEqual([]);
    expectNoSecret();
    // Also not if the previous key could not be revoked and must still be.
    const calmDown = sandbox.fail({ kind: "status", status: 500, method: "DELETE", times: Infinity });
    const off = { ci: { name: "ci", ...more, keepers: { turn: "2" } } };
    expect((await stack.up(off)).errors).toHaveLength(1);
    expectNoSecret();
    calmDown();
    expect(messagesOf((await stack.up(off)).errors)).toEqual([]);
    expect(secretsOf(sandbox)).toHaveLength(1);
    expectNoSecret();
  });

  test("is no keeper of a key that adopt replaced and that could not be revoked", async () => {
    const { sandbox, stack, expectNoSecret } = await deployed({ keepers: { turn: "1", db: secret(password) } });
    sandbox.fail({ kind: "status", status: 500, method: "DELETE", times: Infinity });
    const next = { ci: { name: "ci", ...more, keepers: { turn: "2" }, adopt: "replace" as const } };
    await stack.up(next);
    expectNoSecret();
    await stack.up(next, { replace: ["ci"] });
    expectNoSecret();
  });

  test("is not changed by the marks: the same program is previewed and deployed without a change", async () => {
    const inputs = { keepPrevious: true, keepers: { turn: "2", db: secret(password) } };
    const { sandbox, stack, up } = await deployed({ ...inputs, keepers: { turn: "1", db: secret(password) } });
    await up(inputs);
    const before = sandbox.requests().length;
    await up(inputs);
    expect(sandbox.requests()).toHaveLength(before);
    expect(stack.state()).toHaveLength(1);
    // A marked value reaches the provider in plain: what it compares is the value.
    await up({ ...inputs, keepers: { turn: "2", db: secret("another") } });
    expect(secretsOf(sandbox)).toHaveLength(2);
  });
});
