import { describe, expect, test } from "vitest";
import type { KeyInputs } from "../../provider/lifecycle/model/inputs";
import type { KeyState } from "../../provider/lifecycle/model/state";
import type { Sandbox } from "../../sandbox/index";
import { messagesOf } from "./support/messages";
import { modes, secretsOf, start } from "./support/organisations";
import { type Outcome, type Program, type RunOptions, Stack } from "./support/stack";
import { VirtualClock } from "./support/virtual-clock";

/** Fields that 0.2.0 and earlier did not store. */
const fresh = ["orgId", "ownerId", "__resource"];

function withoutFresh<T extends object>(values: T): T {
  const left = Object.entries(values).filter(([name]) => !fresh.includes(name));
  return Object.fromEntries(
    left.map(([name, value]) => [name, isRecord(value) ? withoutFresh(value) : (value as unknown)]),
  ) as T;
}

function isRecord(value: unknown): value is object {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** The stack as 0.2.0 would have left it: without identities, and with 0.2.0's name for a previous key. */
async function asOld(stack: Stack, sandbox: Sandbox): Promise<Stack> {
  const old = new Stack(sandbox);
  for (const { name, id, inputs, outputs } of stack.state()) {
    const state: KeyState = withoutFresh(outputs);
    const { previousHash, previousId = "", previous } = state;
    const kept = sandbox.keys().find(({ key }) => key === previousHash);
    if (kept && previous) {
      const aside = `${outputs.name} (replaced ${previousId})`;
      sandbox.rename(kept.id, aside);
      state.previous = { ...previous, name: aside };
    }
    await old.importResource(name, { id, inputs: withoutFresh(inputs) as KeyInputs, outputs: state }, {});
  }
  return old;
}

describe.each(modes)("with %s and a state of 0.2.0", (_, options, more) => {
  const program = (inputs: Partial<KeyInputs> = {}, name = "ci"): Program => ({
    ci: { name, ...more, ...inputs },
    kept: { name: `${name} kept`, ...more, keepPrevious: true, keepers: { turn: "2" }, ...inputs },
  });
  const deployed = async () => {
    const clock = new VirtualClock();
    const sandbox = await start({ ...options, now: () => clock.now() });
    const stack = new Stack(sandbox);
    const { ci, kept } = program();
    if (!ci || !kept) throw new Error("expected two keys in the program");
    await stack.up({ ci, kept: { ...kept, keepers: { turn: "1" } } }, { clock });
    expect(messagesOf((await stack.up(program(), { clock })).errors)).toEqual([]);
    expect(sandbox.keys()).toHaveLength(3);
    const old = await asOld(stack, sandbox);
    clock.advance(3_600_000);
    return { sandbox, stack: old, clock, keys: keysOf(sandbox) };
  };

  // Programs with 0.2.0 do not name the resource of an input. They are programs whose package was not updated.
  describe.each([true, false])("and inputs that name their resource: %s", (named) => {
    const first: [string, (stack: Stack, as: RunOptions) => Promise<unknown>][] = [
      ["up", async (stack, as) => stack.up(program(), as)],
      ["preview", async (stack, as) => stack.preview(program(), as)],
      ["refresh", async (stack, as) => stack.refresh(as)],
      ["up --refresh", async (stack, as) => stack.up(program(), { ...as, refresh: true })],
    ];
    test.each(first)("the first %s changes, replaces and loses no key", async (_command, run) => {
      const { sandbox, stack, clock, keys } = await deployed();
      const before = tracked(stack);
      const outcome = (await run(stack, { clock, named })) as { errors: Error[] };
      expect(messagesOf(outcome.errors)).toEqual([]);
      expect(keysOf(sandbox)).toEqual(keys);
      expect(tracked(stack)).toEqual(before);
      expect(sandbox.requests().filter(({ method }) => !["GET", "POST", "PUT", "PATCH"].includes(method))).toEqual([]);
      expect(messagesOf((await stack.destroy({ clock })).errors)).toEqual([]);
      expect(sandbox.keys()).toEqual([]);
    });

    test.each([[{}], [{ refresh: true }]])("the first destroy (%j) revokes all keys", async (more_) => {
      const { sandbox, stack, clock } = await deployed();
      expect(messagesOf((await stack.destroy({ clock, named, ...more_ })).errors)).toEqual([]);
      expect(sandbox.keys()).toEqual([]);
      expect(stack.state()).toEqual([]);
    });

    test.each(["refresh", "update"])("the next %s adds the organisation and the owner", async (how) => {
      const { sandbox, stack, clock } = await deployed();
      const { errors } =
        how === "refresh"
          ? await stack.refresh({ clock, named })
          : await stack.up(program({}, "new"), { clock, named });
      expect(messagesOf(errors)).toEqual([]);
      for (const { outputs } of stack.state())
        expect(outputs).toMatchObject({ orgId: sandbox.orgId, ownerId: sandbox.user("user").id });
    });

    test("a rotation keeps the current key as the previous one, and revokes the old previous key", async () => {
      const { sandbox, stack, clock } = await deployed();
      const { hash, previousHash } = stack.resources.get("kept")?.outputs ?? {};
      const { errors } = await stack.up(program({ keepers: { turn: "3" } }), { clock, named });
      expect(messagesOf(errors)).toEqual([]);
      expect(sandbox.keys()).toHaveLength(3);
      expect(stack.resources.get("kept")?.outputs.previousHash).toBe(hash);
      expect(secretsOf(sandbox)).toContain(hash);
      expect(secretsOf(sandbox)).not.toContain(previousHash);
    });

    test("two keys can swap names, and adopt can move a key to another resource", async () => {
      const { sandbox, stack, clock } = await deployed();
      const [ci, kept] = ["ci", "kept"].map((resource) => stack.resources.get(resource)?.outputs.hash);
      const { ci: one, kept: two } = program();
      if (!one || !two) throw new Error("expected two keys in the program");
      const swapped = { ci: { ...one, name: two.name }, kept: { ...two, name: one.name } };
      expect(messagesOf((await stack.up(swapped, { clock, named })).errors)).toEqual([]);
      const nameOf = (secret?: string) => sandbox.keys().find(({ key }) => key === secret)?.name;
      expect([nameOf(ci), nameOf(kept)]).toEqual([two.name, one.name]);
    });

    const elsewhere: [string, (stack: Stack, as: RunOptions) => Promise<Outcome>][] = [
      ["destroy", async (stack, as) => stack.destroy(as)],
      ["destroy --refresh", async (stack, as) => stack.destroy({ ...as, refresh: true })],
      ["refresh", async (stack, as) => stack.refresh(as)],
      ["rotation", async (stack, as) => stack.up(program({ keepers: { turn: "3" } }), as)],
      ["removal", async (stack, as) => stack.up({}, as)],
    ];
    test.each(elsewhere)(
      "the first %s with another organisation's credentials forgets and creates no key",
      async (_command, run) => {
        const { sandbox, stack, clock, keys } = await deployed();
        const there = await start({ ...options, now: () => clock.now() });
        const before = tracked(stack);
        const { errors } = await run(stack, { clock, named, organisation: there });
        expect(messagesOf(errors).join()).toContain("The state does not name its organisation");
        expect(keysOf(sandbox)).toEqual(keys);
        expect(there.keys()).toEqual([]);
        expect(tracked(stack)).toEqual(before);
        expect(messagesOf((await stack.destroy({ clock })).errors)).toEqual([]);
        expect(sandbox.keys()).toEqual([]);
      },
    );

    // In the state this looks like a taint with adopt, so the user gets an error, and nothing is lost.
    test("when adopt moves a key to another resource, one up fails, the next succeeds, and the key stays valid", async () => {
      const { sandbox, stack, clock } = await deployed();
      const key = stack.resources.get("ci")?.outputs.hash ?? "";
      const { ci, kept } = program();
      if (!ci || !kept) throw new Error("expected two keys in the program");
      const adopt = options.oneTimeRead ? { secret: key } : true;
      const moved = { kept, other: { ...ci, adopt } };
      expect(messagesOf((await stack.up(moved, { clock, named })).errors)).toEqual([
        expect.stringContaining("If you moved the key from one resource to another, nothing is wrong"),
      ]);
      expect(messagesOf((await stack.up(moved, { clock, named })).errors)).toEqual([]);
      expect(stack.resources.get("other")?.outputs.hash).toBe(key);
      expect(secretsOf(sandbox)).toContain(key);
      expect(sandbox.keys()).toHaveLength(3);
    });
  });
});

function keysOf(sandbox: Sandbox) {
  return sandbox.keys().map(({ id, name, key }) => ({ id, name, key }));
}

function tracked(stack: Stack) {
  return stack.state().map(({ name, id, outputs: { hash, previousHash, previousId } }) => ({
    name,
    id,
    hash,
    previousHash,
    previousId,
  }));
}
