import type { CreateResult } from "@pulumi/pulumi/dynamic";
import { describe, expect, test } from "vitest";
import type { KeyInputs } from "../../provider/lifecycle/model/inputs";
import type { KeyState } from "../../provider/lifecycle/model/state";
import { given } from "./support/engine/wire";
import { messagesOf } from "./support/messages";
import { modes, namesOf, secretsOf, start } from "./support/organisations";
import { ProviderProcess } from "./support/provider-process";
import { type Program, type RunOptions, Stack } from "./support/stack";
import { VirtualClock } from "./support/virtual-clock";

const uniqueness = ["organisation", "owner", false] as const;

describe.each(modes)("with %s, a previous key", (_, options, more) => {
  const kept = (name: string, turn: string): Record<string, KeyInputs> => ({
    ci: { name, ...more, keepers: { turn }, keepPrevious: true },
  });

  test.each(uniqueness)(
    "is named after its successor, with its own suffix (names are unique in: %s)",
    async (uniqueNames) => {
      const sandbox = await start({ ...options, uniqueNames });
      const stack = new Stack(sandbox);
      await stack.up(kept("ci", "1"));
      const { id = "" } = stack.resources.get("ci") ?? {};
      expect(messagesOf((await stack.up(kept("ci", "2"))).errors)).toEqual([]);
      expect(namesOf(sandbox)).toEqual([`ci (previous ${id})`, "ci"]);
      // A rotation and a rename in one run.
      expect(messagesOf((await stack.up(kept("pods", "3"))).errors)).toEqual([]);
      expect(namesOf(sandbox)).toEqual([expect.stringMatching(/^pods \(previous .*\)$/), "pods"]);
      // The resource gets the old name again.
      expect(messagesOf((await stack.up(kept("ci", "3"))).errors)).toEqual([]);
      expect(namesOf(sandbox)).toEqual([expect.stringMatching(/^ci \(previous .*\)$/), "ci"]);
      expect((await stack.refresh()).errors).toEqual([]);
      expect(messagesOf((await stack.destroy()).errors)).toEqual([]);
      expect(sandbox.keys()).toEqual([]);
    },
  );

  test.each(uniqueness)(
    "of a renamed resource stays untouched when another stack gets its old name with adopt (names are unique in: %s)",
    async (uniqueNames) => {
      for (const adopt of ["replace", true] as const) {
        const sandbox = await start({ ...options, uniqueNames });
        const stack = new Stack(sandbox);
        for (const turn of ["1", "2"]) await stack.up(kept("ci", turn));
        expect(messagesOf((await stack.up(kept("pods", "2"))).errors)).toEqual([]);
        const before = sandbox.keys();
        const other = new Stack(sandbox);
        expect(messagesOf((await other.up({ ci: { name: "ci", ...more, adopt } })).errors)).toEqual([]);
        expect(sandbox.keys().slice(0, 2)).toEqual(before);
        expect(sandbox.keys()).toHaveLength(3);
        expect(stack.state().map(({ outputs }) => outputs.previousHash)).toEqual([before[0]?.key]);
      }
    },
  );
});

describe.each(modes)(
  "with %s, if resource a is renamed from x to y, a new resource b is named x, and a depends on b",
  (_, options, more) => {
    const before = (adopt: KeyInputs["adopt"]) => ({
      a: { name: "x", ...more, ...(adopt !== undefined && { adopt }) },
    });
    const after = (adopt: KeyInputs["adopt"]) => ({
      b: { name: "x", ...more, ...(adopt !== undefined && { adopt }) },
      a: { name: "y", ...more, ...(adopt !== undefined && { adopt }) },
    });
    const dependent = { options: { a: { dependsOn: ["b"] } } };
    /** Runs `up` as the CLI does: if the preview fails, nothing changes. */
    const up = async (stack: Stack, program: Program, options: RunOptions) => {
      const preview = await stack.preview(program, options);
      return preview.errors.length > 0 ? preview : stack.up(program, options);
    };

    test.each([true, "replace", false] as const)(
      "with adopt %s and --refresh, a keeps its key, which stays valid",
      async (adopt) => {
        const sandbox = await start(options);
        const stack = new Stack(sandbox);
        await stack.up(before(adopt));
        const [key] = secretsOf(sandbox);
        await up(stack, after(adopt), { ...dependent, refresh: true });
        expect(secretsOf(sandbox)).toContain(key);
        expect(stack.resources.get("a")?.outputs.hash).toBe(key);
        expect(stack.resources.get("b")?.outputs.hash).not.toBe(key);
      },
    );

    test.each([true, "replace"] as const)(
      "with adopt %s, a's key stays valid, and it is an error if both resources have that key",
      async (adopt) => {
        const sandbox = await start(options);
        const stack = new Stack(sandbox);
        await stack.up(before(adopt));
        const [key] = secretsOf(sandbox);
        const { errors } = await up(stack, after(adopt), dependent);
        expect(secretsOf(sandbox)).toContain(key);
        const hashes = stack.state().map(({ outputs }) => outputs.hash);
        if (new Set(hashes).size < hashes.length) {
          expect(errors.length).toBeGreaterThan(0);
          // Later runs fail too, until one of the two resources is removed.
          expect((await up(stack, after(adopt), dependent)).errors.length).toBeGreaterThan(0);
          expect(secretsOf(sandbox)).toContain(key);
        }
      },
    );

    test.each([true, "replace"] as const)(
      "with adopt %s, an up without a preview and every later up fail if a loses its key",
      async (adopt) => {
        for (const refresh of [false, true]) {
          const sandbox = await start(options);
          const stack = new Stack(sandbox);
          await stack.up(before(adopt));
          const [key] = secretsOf(sandbox);
          const first = await stack.up(after(adopt), { ...dependent, refresh });
          const hashes = stack.state().map(({ outputs }) => outputs.hash);
          if (secretsOf(sandbox).includes(key ?? "") && new Set(hashes).size === hashes.length) continue;
          expect(first.errors.length).toBeGreaterThan(0);
          const second = await stack.up(after(adopt), dependent);
          expect(second.errors.length).toBeGreaterThan(0);
          if (adopt === true) expect(secretsOf(sandbox)).toEqual([key]);
        }
      },
    );

    test("two resources with the same id are refused, and the error names both", async () => {
      const sandbox = await start(options);
      const stack = new Stack(sandbox);
      await stack.up({ "the-first": { name: "x", ...more } });
      const { id = "", inputs, outputs } = stack.resources.get("the-first") ?? {};
      if (!inputs || !outputs) throw new Error("nothing was deployed");
      const resource = "pulumi-nodejs:dynamic/datadog:ApplicationKey::the-second";
      const copy = { id, inputs: { ...inputs, __resource: resource }, outputs: { ...outputs, __resource: resource } };
      await stack.importResource("the-second", copy as never, {});
      const program = { "the-first": { name: "x", ...more }, "the-second": { name: "y", ...more } };
      const { errors } = await stack.up(program);
      expect(errors.length).toBeGreaterThan(0);
      expect(messagesOf(errors).join("\n")).toContain("the-first");
      expect(messagesOf(errors).join("\n")).toContain("the-second");
      expect(sandbox.keys()).toHaveLength(1);
    });
  },
);

describe.each(modes)(
  "with %s, if the engine checks the resource that gives up a name only while the other write is waiting",
  (_, options, more) => {
    const type = "pulumi-nodejs:dynamic/datadog:ApplicationKey";
    const named = (resource: string, name: string) =>
      ({ name, ...more, __resource: `${type}::${resource}` }) as KeyInputs;
    const wire = <T>(value: T) => JSON.parse(JSON.stringify(value)) as T;

    const deployed = async () => {
      const sandbox = await start(options);
      const first = new ProviderProcess(sandbox);
      const a = await first.create(named("a", "x"));
      const b = await first.create(named("b", "y"));
      return { sandbox, a, b, before: secretsOf(sandbox) };
    };

    test.each([
      [0, "x"],
      [4000, "x"],
      [4000, "z"],
    ])("the rename to that name waits until the other key is renamed (after %d ms, to %s)", async (ms, name) => {
      const { sandbox, a, b, before } = await deployed();
      let other: Promise<unknown> | undefined;
      const clock: VirtualClock = new VirtualClock(() => {
        if (clock.now() >= ms) other ??= rename("b", "y", name, b);
      });
      const { provider } = new ProviderProcess(sandbox, { clock });
      const rename = async (
        resource: string,
        from: string,
        to: string,
        { id, outs }: CreateResult,
      ): Promise<unknown> => {
        const { inputs } = await provider.check(wire({ ...named(resource, from) }), wire({ ...named(resource, to) }));
        const news = wire(inputs as Record<string, unknown>);
        await provider.diff(id, wire(given(outs) as KeyState), news);
        return provider.update(id, wire(given(outs) as KeyState), news);
      };
      await rename("a", "x", "y", a);
      await other;
      expect(namesOf(sandbox)).toEqual(["y", name]);
      expect(secretsOf(sandbox)).toEqual(before);
    });

    test("and no resource gives up the name, the rename fails after ten seconds with both names", async () => {
      const { sandbox, a } = await deployed();
      const clock = new VirtualClock();
      const { provider } = new ProviderProcess(sandbox, { clock });
      const { inputs } = await provider.check(wire({ ...named("a", "x") }), wire({ ...named("a", "y") }));
      const news = wire(inputs as Record<string, unknown>);
      await provider.diff(a.id, wire(given(a.outs)), news);
      const error = await provider.update(a.id, wire(given(a.outs)), news).catch((thrown: unknown) => thrown as Error);
      expect((error as Error).message).toMatch(/409.*"x".*"y"|409.*"y".*"x"/s);
      expect(clock.now()).toBeGreaterThan(5000);
      expect(clock.now()).toBeLessThan(20_000);
      expect(namesOf(sandbox)).toEqual(["x", "y"]);
    });
  },
);

describe("if a new resource has the name of a resource in the state", () => {
  test.each([
    ["after it", ["the-old", "the-new"]],
    ["before it", ["the-new", "the-old"]],
  ])("and is declared %s, the preview fails and names both resources", async (_, order) => {
    const sandbox = await start();
    const stack = new Stack(sandbox);
    await stack.up({ "the-old": { name: "ci" } });
    const program = Object.fromEntries(order.map((resource) => [resource, { name: "ci" }]));
    for (const { errors } of [await stack.preview(program), await stack.up(program)]) {
      expect(errors.length).toBeGreaterThan(0);
      const text = messagesOf(errors).join("\n");
      expect(text).toContain("the-old");
      expect(text).toContain("the-new");
    }
    expect(sandbox.keys()).toHaveLength(1);
  });

  test("and that resource gives up the name or has another owner, the preview succeeds", async () => {
    const sandbox = await start();
    const stack = new Stack(sandbox);
    await stack.up({ old: { name: "ci" } });
    const robot = "5ea50001-0000-4000-8000-000000000001";
    const programs: Record<string, KeyInputs>[] = [
      { old: { name: "ci 2" }, new: { name: "ci" } },
      { new: { name: "ci" }, old: { name: "ci 2" } },
      { old: { name: "ci" }, new: { name: "ci", serviceAccountId: robot } },
      { new: { name: "ci" } },
    ];
    for (const program of programs) expect(messagesOf((await stack.preview(program)).errors)).toEqual([]);
  });
});

test.each(modes)(
  "with %s, adopt with the secret of no key fails at once or prints what it waits for",
  async (_, options, more) => {
    for (const others of [[], ["ci"]]) {
      const clock = new VirtualClock();
      const sandbox = await start({ ...options, now: () => clock.now(), keys: others.map((name) => ({ name })) });
      const secret = `ddapp_${"a".repeat(34)}`;
      const { errors, printed } = await new Stack(sandbox).up(
        { ci: { name: "ci", ...more, adopt: { secret } } },
        { clock },
      );
      expect(errors).toHaveLength(1);
      expect(errors[0]?.message).toContain("adopt");
      if (clock.now() > 2000) expect(printed.join("\n")).toMatch(/\bci\b/);
      expect(sandbox.keys()).toHaveLength(others.length);
    }
  },
);

describe.each(modes)("with %s, if keys were renamed before the command failed", (_, options, more) => {
  test("no error says that nothing was changed", async () => {
    let failed = 0;
    for (let nth = 1; nth <= 8; nth += 1) {
      const sandbox = await start(options);
      const stack = new Stack(sandbox);
      const names = ["a", "b", "c"];
      const program = (shift: number) =>
        Object.fromEntries(
          names.map((resource, index) => [resource, { name: `name ${names[(index + shift) % 3] ?? ""}`, ...more }]),
        );
      await stack.up(program(0));
      const before = namesOf(sandbox).join();
      const method = "v1" in more || !("apiVersion" in more || options.oneTimeRead) ? "PUT" : "PATCH";
      sandbox.fail({ kind: "status", status: 403, method, nth, times: Infinity });
      const replaced = { ...program(1), a: { name: "name b", ...more, keepers: { turn: "2" } } };
      const { errors } = await stack.up(replaced);
      failed += errors.length;
      if (namesOf(sandbox).join() !== before)
        expect(messagesOf(errors).filter((message) => message.includes("Nothing was changed"))).toEqual([]);
    }
    expect(failed).toBeGreaterThan(0);
  });
});
