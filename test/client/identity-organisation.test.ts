import { describe, expect, test } from "vitest";
import type { KeyInputs } from "../../provider/lifecycle/model/inputs";
import { messagesOf } from "./support/messages";
import { changesSent, connectionTo, modes, namesOf, start, startTwo } from "./support/organisations";
import { type Outcome, type Program, type RunOptions, Stack } from "./support/stack";

/** Commands and changes for a stack of two keys. */
const commands: readonly (readonly [string, (stack: Stack, before: Program, as: RunOptions) => Promise<Outcome>])[] = [
  ["a destroy", (stack, _, as) => stack.destroy(as)],
  ["a destroy --refresh", (stack, _, as) => stack.destroy({ ...as, refresh: true })],
  ["a refresh", (stack, _, as) => stack.refresh(as)],
  ["an up --refresh", (stack, before, as) => stack.up(before, { ...as, refresh: true })],
  ["the removal of a key", (stack, { cd = { name: "cd" } }, as) => stack.up({ cd }, as)],
  ["a rename", (stack, before, as) => stack.up(changed(before, { name: "ci 2" }), as)],
  ["a rotation", (stack, before, as) => stack.up(changed(before, { keepers: { turn: "2" } }), as)],
  [
    "a rotation with deleteBeforeReplace",
    (stack, before, as) =>
      stack.up(changed(before, { keepers: { turn: "2" } }), { ...as, options: { ci: { deleteBeforeReplace: true } } }),
  ],
  [
    "a rotation by replacementTrigger",
    (stack, before, as) => stack.up(before, { ...as, options: { ci: { replacementTrigger: "2" } } }),
  ],
  [
    "a rotation that keeps the previous key",
    (stack, before, as) => stack.up(changed(before, { keepers: { turn: "2" }, keepPrevious: true }), as),
  ],
];

function changed({ ci, ...others }: Program, inputs: Partial<KeyInputs>): Program {
  return { ...others, ci: { name: "ci", ...ci, ...inputs } };
}

const summary = (stack: Stack) => stack.state().map(({ name, id, outputs: { hash } }) => ({ name, id, hash }));

describe.each(modes)("with %s and the credentials of another organisation on the same site", (_, options, more) => {
  const program: Program = { ci: { name: "ci", ...more }, cd: { name: "cd", ...more } };
  const deployed = async () => {
    const { here, there } = await startTwo(options);
    const stack = new Stack(here);
    const first = { options: { ci: { replacementTrigger: "1" } } };
    expect((await stack.up(program, first)).errors).toEqual([]);
    return { here, there, stack };
  };

  /** A key with a previous key, and the program that switches keepPrevious off. */
  const rotated = async () => {
    const { here, there } = await startTwo(options);
    const stack = new Stack(here);
    const kept = (turn: string, keepPrevious = true) => ({
      ci: { name: "ci", ...more, keepers: { turn }, keepPrevious },
    });
    await stack.up(kept("1"));
    await stack.up(kept("2"));
    return { here, there, stack, off: kept("2", false) };
  };

  describe.each(commands)("%s", (_command, run) => {
    test.each(["user", "admin"])(
      "fails before it changes anything and names both organisations (the same person, as %s)",
      async (person) => {
        const { here, there, stack } = await deployed();
        const [keys, state] = [here.keys(), summary(stack)];
        const { errors } = await run(stack, program, {
          organisation: { ...there, appKey: there.user(person).appKey },
        });
        expect(errors.length).toBeGreaterThan(0);
        for (const message of messagesOf(errors)) {
          // The engine does not tell the provider which key a requested replacement replaces, so the provider does
          // not know its organisation.
          if (message.startsWith("Cannot tell whether the credentials belong")) continue;
          expect(message).toContain(here.orgId);
          expect(message).toContain(there.orgId);
        }
        expect(here.keys()).toEqual(keys);
        expect(there.keys()).toEqual([]);
        expect(changesSent(there)).toBe(0);
        expect(summary(stack)).toEqual(state);
        // With the right credentials the same command succeeds.
        const { errors: later } = await run(stack, program, {});
        expect(messagesOf(later)).toEqual([]);
        expect(stack.state().length).toBe(here.keys().length - previousIn(stack));
      },
    );
  });

  test("no command touches a key with the same name in the other organisation", async () => {
    const { here, there, stack } = await deployed();
    there.add({ name: "ci" });
    const keys = there.keys();
    for (const [, run] of commands)
      expect((await run(stack, program, { organisation: there })).errors.length).toBeGreaterThan(0);
    expect(there.keys()).toEqual(keys);
    expect(namesOf(here)).toEqual(["ci", "cd"]);
  });

  test("the provider does not look there for previous keys and keys that could not be revoked", async () => {
    const { here, there, stack, off } = await rotated();
    here.fail({ kind: "status", status: 500, method: "DELETE", times: Infinity });
    expect((await stack.up(off)).errors).toHaveLength(1);
    const outputs = () => stack.state().map((resource) => resource.outputs);
    const before = outputs();
    const elsewhere = { organisation: there };
    expect((await stack.up(off, elsewhere)).errors).toHaveLength(1);
    expect((await stack.refresh(elsewhere)).errors).toHaveLength(1);
    expect(changesSent(there)).toBe(0);
    expect(outputs()).toEqual(before);
  });

  test("switching keepPrevious off fails, and the previous key stays in the state with its secret", async () => {
    const { here, there, stack, off } = await rotated();
    const outputs = () => stack.state().map((resource) => resource.outputs);
    const [keys, before] = [here.keys(), outputs()];
    for (const person of ["user", "admin"]) {
      const elsewhere = { organisation: { ...there, appKey: there.user(person).appKey } };
      const [message = "", ...others] = messagesOf((await stack.up(off, elsewhere)).errors);
      expect(message).toContain(here.orgId);
      expect(message).toContain(there.orgId);
      expect(others).toEqual([]);
      expect(outputs()).toEqual(before);
    }
    expect(here.keys()).toEqual(keys);
  });

  test("a change to a connection with them creates the new key there and revokes the old key here", async () => {
    const { here, there, stack } = await deployed();
    const moved = changed(program, { connection: "eu" });
    const { errors } = await stack.up(moved, { config: connectionTo(there) });
    expect(messagesOf(errors)).toEqual([]);
    expect(namesOf(here)).toEqual(["cd"]);
    expect(namesOf(there)).toEqual(["ci"]);
    expect(stack.resources.get("ci")?.outputs).toMatchObject({ orgId: there.orgId });
  });
});

test("a preview sends no request", async () => {
  const { here, there } = await startTwo();
  const stack = new Stack(here);
  await stack.up({ ci: { name: "ci" } });
  expect((await stack.preview({ ci: { name: "ci 2" } }, { organisation: there })).errors).toEqual([]);
  expect(there.requests()).toEqual([]);
});

describe("the state has the organisation and the owner of a key", () => {
  const identityOf = (stack: Stack) => {
    const { orgId, ownerId } = (stack.resources.get("ci")?.outputs ?? {}) as { orgId?: string; ownerId?: string };
    return { orgId, ownerId };
  };

  test.each(modes)("with %s", async (_, options, more) => {
    const here = await start(options);
    const stack = new Stack(here);
    await stack.up({ ci: { name: "ci", ...more } });
    expect(identityOf(stack)).toEqual({ orgId: here.orgId, ownerId: here.user("user").id });
    await stack.refresh();
    await stack.up({ ci: { name: "ci 2", ...more } });
    expect(identityOf(stack)).toEqual({ orgId: here.orgId, ownerId: here.user("user").id });
  });

  test("for a key of a service account, the owner is that account", async () => {
    const robot = { id: "5ea50001-0000-4000-8000-000000000001", serviceAccount: true };
    const here = await start({ user: "admin", users: [robot] });
    const stack = new Stack(here);
    await stack.up({ ci: { name: "ci", serviceAccountId: robot.id } });
    expect(identityOf(stack)).toEqual({ orgId: here.orgId, ownerId: robot.id });
  });

  test.each(modes)("for an adopted key with %s", async (mode, options, more) => {
    const here = await start(options);
    const { key } = here.add({ name: "ci" });
    const stack = new Stack(here);
    const adopt = mode === "One-Time Read" ? { secret: key } : true;
    expect((await stack.up({ ci: { name: "ci", ...more, adopt } })).errors).toEqual([]);
    expect(identityOf(stack)).toEqual({ orgId: here.orgId, ownerId: here.user("user").id });
  });
});

function previousIn(stack: Stack): number {
  return stack.state().filter(({ outputs }) => outputs.previousHash !== undefined).length;
}
