import { describe, expect, test } from "vitest";
import type { Clock } from "../../provider/datadog/clock";
import { leaksIn, visibleText } from "./support/leaks";
import { messagesOf } from "./support/messages";
import { modes, namesOf, secretsOf, start } from "./support/organisations";
import { type Program, Stack } from "./support/stack";
import { VirtualClock } from "./support/virtual-clock";

const hour = 3_600_000;

/** The clock of a machine with the wrong time. */
function offBy(ms: number, clock: VirtualClock): Clock {
  return {
    now: () => clock.now(),
    date: () => clock.date() + ms,
    random: () => clock.random(),
    sleep: (time) => clock.sleep(time),
  };
}

describe.each([
  ["an hour behind", -hour],
  ["an hour ahead", hour],
  ["a year behind", -8760 * hour],
])("if a machine whose clock was %s created a key through v1, and One-Time Read is switched on later", (_, ms) => {
  const deployed = async () => {
    const clock = new VirtualClock();
    const sandbox = await start();
    const stack = new Stack(sandbox);
    expect((await stack.up({ ci: { name: "ci" } }, { clock: offBy(ms, clock) })).errors).toEqual([]);
    sandbox.setOneTimeRead(true);
    const [key = ""] = secretsOf(sandbox);
    return { sandbox, stack, key, clock };
  };

  test("a refresh finds the key or says that it cannot tell", async () => {
    const { sandbox, stack, key, clock } = await deployed();
    const { errors } = await stack.refresh({ clock });
    if (errors.length > 0) expect(errors[0]?.message).toMatch(/[Cc]annot tell/);
    expect(stack.state().map(({ outputs }) => outputs.hash)).toEqual([key]);
    expect(secretsOf(sandbox)).toEqual([key]);
  });

  test("a destroy revokes the key or says that it cannot tell", async () => {
    const { sandbox, stack, clock } = await deployed();
    const { errors } = await stack.destroy({ clock });
    if (errors.length > 0) expect(errors[0]?.message).toMatch(/[Cc]annot tell/);
    expect(stack.state()).toHaveLength(sandbox.keys().length);
  });

  test("an update renames the key or says that it cannot tell", async () => {
    const { sandbox, stack, key, clock } = await deployed();
    const { errors } = await stack.up({ ci: { name: "ci 2" } }, { clock });
    if (errors.length > 0) expect(errors[0]?.message).toMatch(/[Cc]annot tell/);
    else expect(namesOf(sandbox)).toEqual(["ci 2"]);
    expect(stack.state().map(({ outputs }) => outputs.hash)).toEqual([key]);
  });

  test("neither of two keys with its name, owner and last four characters counts as gone", async () => {
    const clock = new VirtualClock();
    const sandbox = await start({ uniqueNames: false });
    const stack = new Stack(sandbox);
    await stack.up({ ci: { name: "ci" } }, { clock: offBy(ms, clock) });
    const [key = ""] = secretsOf(sandbox);
    sandbox.add({ name: "ci", key: `ddapp_${"x".repeat(30)}${key.slice(-4)}` });
    sandbox.setOneTimeRead(true);
    const { errors } = await stack.refresh({ clock });
    expect(stack.state().map(({ outputs }) => outputs.hash)).toEqual([key]);
    if (errors.length > 0) expect(errors[0]?.message).toMatch(/[Cc]annot tell/);
    await stack.destroy({ clock });
    if (!secretsOf(sandbox).includes(key)) expect(stack.state()).toEqual([]);
    else expect(stack.state()).toHaveLength(1);
    expect(sandbox.keys().some((one) => one.key.startsWith("ddapp_xxx"))).toBe(true);
  });
});

describe.each(modes)(
  'with %s, if adopt: "replace" could not revoke the old key, and the new key is then revoked by hand',
  (_, options, more) => {
    const adopting = { ci: { name: "ci", ...more, adopt: "replace" as const } };
    const deployed = async () => {
      const clock = new VirtualClock();
      const sandbox = await start({ ...options, now: () => clock.now() });
      const old = sandbox.add({ name: "ci" });
      clock.advance(60_000);
      const stack = new Stack(sandbox);
      const removeFault = sandbox.fail({ kind: "status", status: 500, method: "DELETE", times: Infinity });
      expect((await stack.up(adopting, { clock })).errors).toHaveLength(1);
      removeFault();
      expect(stack.state()).toHaveLength(1);
      const made = sandbox.keys().find(({ id }) => id !== old.id);
      sandbox.revoke(made?.id ?? "");
      clock.advance(60_000);
      return { sandbox, stack, clock, old };
    };

    test("a refresh keeps the resource, because the old key must be revoked, and a destroy revokes it", async () => {
      const { sandbox, stack, clock } = await deployed();
      expect(messagesOf((await stack.refresh({ clock })).errors)).toEqual([]);
      expect(stack.state()).toHaveLength(1);
      expect(messagesOf((await stack.destroy({ clock })).errors)).toEqual([]);
      expect(sandbox.keys()).toEqual([]);
      expect(stack.state()).toEqual([]);
    });

    test("a destroy --refresh revokes the old key", async () => {
      const { sandbox, stack, clock } = await deployed();
      expect(messagesOf((await stack.destroy({ clock, refresh: true })).errors)).toEqual([]);
      expect(sandbox.keys()).toEqual([]);
      expect(stack.state()).toEqual([]);
    });

    test("removing the resource from the program revokes the old key", async () => {
      const { sandbox, stack, clock } = await deployed();
      expect(messagesOf((await stack.up({}, { clock, refresh: true })).errors)).toEqual([]);
      expect(sandbox.keys()).toEqual([]);
    });

    test("up --refresh leaves only the program's key, or says what to do", async () => {
      const { sandbox, stack, clock } = await deployed();
      for (let turn = 0; turn < 3; turn += 1) {
        const { errors } = await stack.up(adopting, { clock, refresh: true });
        if (errors.length > 0) continue;
        expect(namesOf(sandbox)).toEqual(["ci"]);
        expect(stack.state().map(({ outputs }) => outputs.hash)).toEqual(secretsOf(sandbox));
        return;
      }
      throw new Error("the program's key does not exist after three commands");
    });
  },
);

describe("ApplicationKey.get", () => {
  const old = "0123456789abcdef0123456789abcdef01234567";
  test.each([
    ["a new key", undefined],
    ["an old key", old],
    ["a key with white space around it", ` ${old}\n`],
  ])("refuses %s in place of its id before any request, and the error does not quote it", async (_, given) => {
    for (const apiVersion of ["v1", "v2"] as const) {
      const sandbox = await start();
      const { key } = sandbox.add({ name: "ci", ...(given !== undefined && { key: given.trim() }) });
      const stack = new Stack(sandbox);
      const outcome = await stack.up({ got: { apiVersion } as never }, { options: { got: { id: given ?? key } } });
      expect(outcome.errors).toHaveLength(1);
      expect(leaksIn(visibleText(outcome), sandbox)).toEqual([]);
      expect(visibleText(outcome)).not.toContain(key.slice(4, 24));
      expect(outcome.errors[0]?.message).toMatch(/\bid\b/);
      expect(sandbox.requests()).toEqual([]);
      expect(stack.state()).toEqual([]);
    }
  });

  test("at the beginning of an up does not mention the configuration of the last up", async () => {
    const sandbox = await start();
    const { id } = sandbox.add({ name: "ci" });
    const { errors } = await new Stack(sandbox).up(
      { got: {} as never },
      { options: { got: { id } }, configured: false },
    );
    expect(errors).toHaveLength(1);
    expect(errors[0]?.message).not.toContain("last `pulumi up`");
  });

  test("is not involved in a refresh or destroy, whose error still mentions that configuration", async () => {
    const sandbox = await start();
    const stack = new Stack(sandbox);
    await stack.up({ ci: { name: "ci" } });
    for (const { errors } of [await stack.refresh({ configured: false }), await stack.destroy({ configured: false })])
      expect(errors[0]?.message).toContain("last `pulumi up`");
  });

  test.each([
    ["the id in the state", "v1 id", ["ci", "got"]],
    ["the id in the state, declared first", "v1 id", ["got", "ci"]],
    ["v2's id", "UUID", ["ci", "got"]],
    ["v2's id, declared first", "UUID", ["got", "ci"]],
  ])(
    "of a key that the stack manages does not disturb that key when One-Time Read is switched on (by %s)",
    async (_, by, order) => {
      const sandbox = await start();
      const stack = new Stack(sandbox);
      await stack.up({ ci: { name: "ci" } });
      const id = by === "UUID" ? sandbox.keys()[0]?.id : stack.state()[0]?.id;
      const program = Object.fromEntries(order.map((name) => [name, name === "ci" ? { name: "ci" } : {}])) as Program;
      const options = { got: { id: id ?? "" } };
      expect(messagesOf((await stack.up(program, { options })).errors)).toEqual([]);
      const [key] = secretsOf(sandbox);
      sandbox.setOneTimeRead(true);
      // The reads run one at a time, so the second one knows what the first has found.
      if (by === "UUID") {
        const byProgram = { options, refresh: true, runProgram: true, parallel: false };
        expect(messagesOf((await stack.up(program, byProgram)).errors)).toEqual([]);
      } else expect(messagesOf((await stack.refresh({ parallel: false })).errors)).toEqual([]);
      expect(stack.resources.get("ci")?.outputs.hash).toBe(key);
      expect(secretsOf(sandbox)).toEqual([key]);
      expect(messagesOf((await stack.up({ ci: { name: "ci 2" } })).errors)).toEqual([]);
      expect(namesOf(sandbox)).toEqual(["ci 2"]);
      expect(messagesOf((await stack.destroy()).errors)).toEqual([]);
      expect(sandbox.keys()).toEqual([]);
    },
  );
});

describe.each(modes)("with %s, if the owner of a key changes their e-mail address in Datadog", (_, options, more) => {
  const deployed = async () => {
    const clock = new VirtualClock();
    const sandbox = await start({ ...options, now: () => clock.now() });
    const stack = new Stack(sandbox);
    await stack.up({ ci: { name: "ci", ...more } }, { clock });
    Object.assign(sandbox.user("user"), { email: "new@example.com", handle: "new@example.com" });
    const [key] = sandbox.keys();
    clock.advance(60_000);
    return { sandbox, stack, clock, key };
  };

  test.each(["refresh", "up --refresh", "destroy"] as const)(
    "and the key is revoked in Datadog, a %s recognises the owner by UUID",
    async (command) => {
      const { sandbox, stack, clock, key } = await deployed();
      sandbox.revoke(key?.id ?? "");
      const { errors } =
        command === "refresh"
          ? await stack.refresh({ clock })
          : command === "destroy"
            ? await stack.destroy({ clock })
            : await stack.up({ ci: { name: "ci", ...more } }, { clock, refresh: true });
      expect(messagesOf(errors)).toEqual([]);
      expect(stack.state().map(({ outputs }) => outputs.hash)).toEqual(secretsOf(sandbox));
      expect(sandbox.keys()).toHaveLength(command === "up --refresh" ? 1 : 0);
    },
  );

  test("and One-Time Read is switched on, the key is found", async () => {
    const { sandbox, stack, clock, key } = await deployed();
    sandbox.setOneTimeRead(true);
    expect(messagesOf((await stack.refresh({ clock })).errors)).toEqual([]);
    expect(stack.state().map(({ outputs }) => outputs.hash)).toEqual([key?.key]);
  });

  test("and another user gets the old address, the key does not count as that user's", async () => {
    const { sandbox, stack, clock, key } = await deployed();
    Object.assign(sandbox.user("colleague"), { email: "user@example.com", handle: "user@example.com" });
    const as = { clock, appKey: sandbox.user("user@example.com").appKey };
    const { errors } = await stack.refresh(as);
    expect(errors).toHaveLength(1);
    expect(stack.state().map(({ outputs }) => outputs.hash)).toEqual([key?.key]);
    expect((await stack.destroy(as)).errors).toHaveLength(1);
    expect(stack.state()).toHaveLength(1);
  });
});
