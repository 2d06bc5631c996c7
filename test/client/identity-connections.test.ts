import { describe, expect, test } from "vitest";
import type { KeyInputs } from "../../provider/lifecycle/model/inputs";
import type { SandboxOptions } from "../../sandbox/index";
import { given } from "./support/engine/wire";
import { messagesOf } from "./support/messages";
import { connectionTo, modes, namesOf, secretsOf, start, startTwo } from "./support/organisations";
import { ProviderProcess } from "./support/provider-process";
import { Stack } from "./support/stack";
import { VirtualClock } from "./support/virtual-clock";

describe.each(modes)("with %s, if two connections lead to the same organisation", (mode, options, more) => {
  const shared = async (extra: SandboxOptions = {}) => {
    const sandbox = await start({ ...options, ...extra });
    return { sandbox, stack: new Stack(sandbox), as: { config: connectionTo(sandbox) } };
  };

  test.each([
    ["to the second connection", {}, { connection: "eu" }],
    ["from the second connection", { connection: "eu" }, {}],
  ])("adopt moves a key %s to another resource, and the key stays valid", async (_, from, to) => {
    const { sandbox, stack, as } = await shared();
    expect((await stack.up({ a: { name: "ci", ...more, ...from } }, as)).errors).toEqual([]);
    const [key = ""] = secretsOf(sandbox);
    const adopt = mode === "One-Time Read" ? { secret: key } : true;
    const { errors } = await stack.up({ b: { name: "ci", ...more, ...to, adopt } }, as);
    expect(messagesOf(errors)).toEqual([]);
    expect(secretsOf(sandbox)).toEqual([key]);
    expect(stack.state().map(({ name, outputs }) => [name, outputs.hash])).toEqual([["b", key]]);
  });

  test.each([false, "replace", true] as const)(
    "a resource is replaced if only its connection changes, with adopt: %s",
    async (adopt) => {
      const { sandbox, stack, as } = await shared();
      await stack.up({ ci: { name: "ci", ...more } }, as);
      const [key = ""] = secretsOf(sandbox);
      const { errors } = await stack.up({ ci: { name: "ci", ...more, connection: "eu", adopt } }, as);
      expect(messagesOf(errors)).toEqual([]);
      expect(namesOf(sandbox)).toEqual(["ci"]);
      expect(stack.state().map(({ outputs }) => outputs.hash)).toEqual(secretsOf(sandbox));
      expect(secretsOf(sandbox)).not.toEqual([key]);
    },
  );

  test("with keepPrevious, the previous key stays valid", async () => {
    const { sandbox, stack, as } = await shared();
    await stack.up({ ci: { name: "ci", ...more, keepPrevious: true } }, as);
    const [key = ""] = secretsOf(sandbox);
    const next = { ci: { name: "ci", ...more, keepPrevious: true, connection: "eu" } };
    expect(messagesOf((await stack.up(next, as)).errors)).toEqual([]);
    expect(secretsOf(sandbox)).toContain(key);
    expect(stack.resources.get("ci")?.outputs).toMatchObject({ previousHash: key });
    // The next rotation revokes it.
    const rotated = { ci: { ...next.ci, keepers: { turn: "2" } } };
    expect(messagesOf((await stack.up(rotated, as)).errors)).toEqual([]);
    expect(secretsOf(sandbox)).not.toContain(key);
    expect(sandbox.keys()).toHaveLength(2);
  });

  test.each([{}, { uniqueNames: false }] as const)(
    "two new resources with the same name do not get two keys: %j",
    async (extra) => {
      const { sandbox, stack, as } = await shared(extra);
      const { errors } = await stack.up(
        { a: { name: "ci", ...more }, b: { name: "ci", ...more, connection: "eu" } },
        as,
      );
      expect(errors).toHaveLength(1);
      expect(namesOf(sandbox)).toEqual(["ci"]);
    },
  );

  test("a name that a key of one connection gives up is free for a key of the other", async () => {
    const { sandbox, stack, as } = await shared();
    await stack.up({ a: { name: "x", ...more }, b: { name: "y", ...more, connection: "eu" } }, as);
    const swapped = { a: { name: "y", ...more }, b: { name: "x", ...more, connection: "eu" } };
    const before = secretsOf(sandbox);
    expect(messagesOf((await stack.up(swapped, as)).errors)).toEqual([]);
    expect(namesOf(sandbox)).toEqual(["y", "x"]);
    expect(secretsOf(sandbox)).toEqual(before);
  });
});

/** Copies an answer as the SDK and the engine do for the state. */
const wire = <T>(value: T) => JSON.parse(JSON.stringify(value)) as T;

describe("replacementTrigger replaces two keys with the same name in two organisations, even if one is deleted first", () => {
  test.each(modes)("with %s", async (_, options, more) => {
    const { here, there } = await startTwo(options);
    const config = connectionTo(there);
    const type = "pulumi-nodejs:dynamic/datadog:ApplicationKey";
    const a = { name: "ci", ...more, __resource: `${type}::a` } as KeyInputs;
    const b = { name: "ci", ...more, connection: "eu", __resource: `${type}::b` } as KeyInputs;
    const first = new ProviderProcess(here, { config });
    const [oldA, oldB] = [await first.create(a), await first.create(b)];
    const before = [...secretsOf(here), ...secretsOf(there)];

    // The engine has checked both when it deletes the first. It creates the second after that.
    const clock = new VirtualClock();
    const { provider } = new ProviderProcess(here, { config, clock });
    const checkedToReplace = async (inputs: KeyInputs) => {
      const { inputs: olds = {} } = await provider.check({}, wire({ ...inputs }));
      await provider.check(wire(olds), wire({ ...inputs }));
      return wire((await provider.check({}, wire({ ...inputs }))).inputs as Record<string, unknown>);
    };
    const [newA, newB] = [await checkedToReplace(a), await checkedToReplace(b)];
    await provider.delete(oldA.id, wire(given(oldA.outs)));
    await provider.create(newB);
    await provider.create(newA);
    await provider.delete(oldB.id, wire(given(oldB.outs)));
    expect([namesOf(here), namesOf(there)]).toEqual([["ci"], ["ci"]]);
    for (const secret of [...secretsOf(here), ...secretsOf(there)]) expect(before).not.toContain(secret);
    expect(Math.max(0, ...clock.waits), "nobody waits for a key in the way").toBeLessThan(5000);
  });
});
