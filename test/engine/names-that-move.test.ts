import { describe, expect, test } from "vitest";
import { keysStack } from "./support/sandboxed.ts";

const done = { exitCode: 0 };

describe.each(["v1", "v2"])("with %s", (apiVersion) => {
  const named = (name: string, more: Record<string, unknown> = {}) => ({ name, apiVersion, ...more });

  test.each(["before", "after"])(
    "a new key takes the name that another one gives up, declared %s it",
    async (order) => {
      const { sandbox, stack, ask } = await keysStack();
      await ask({ a: named("x") });
      expect(await stack.up()).toMatchObject(done);
      const [first] = sandbox.keys();
      await ask(order === "before" ? { b: named("x"), a: named("y") } : { a: named("y"), b: named("x") });
      const { all, exitCode } = await stack.up();
      expect(exitCode, all).toBe(0);
      expect(sandbox.keys().find(({ id }) => id === first?.id)).toMatchObject({ name: "y" });
      expect(
        sandbox
          .keys()
          .map(({ name }) => name)
          .sort(),
      ).toEqual(["x", "y"]);
      expect((await stack.up()).stdout).toContain("3 unchanged");
    },
  );

  test.each([0, 4])("two keys swap their names, though the second one is declared %i s later", async ($seconds) => {
    const { sandbox, stack, ask } = await keysStack();
    await ask({ a: named("x"), b: named("y") });
    expect(await stack.up()).toMatchObject(done);
    const before = sandbox.keys();
    // The engine checks b only when the rename of a has been refused.
    await ask({ a: named("y"), b: named("x", { $seconds }) });
    const { all, exitCode } = await stack.up();
    expect(exitCode, all).toBe(0);
    expect(sandbox.keys()).toEqual(before.map((key) => ({ ...key, name: key.name === "x" ? "y" : "x" })));
    expect((await stack.refresh()).stdout).toContain("3 unchanged");
  });
});
