import { expect, test } from "vitest";
import { keysInEachMode, type ModeName, modes, succeed } from "./support/modes.ts";

test("in one run a name can move to a new key that is declared before or after, and two keys can swap names", async () => {
  const { stack, declare, sandboxes } = await keysInEachMode();
  const idsByName = (mode: ModeName) => Object.fromEntries(sandboxes[mode].keys().map(({ name, id }) => [name, id]));
  await declare(() => ({ one: { name: "a" }, two: { name: "b" }, left: { name: "x" }, right: { name: "y" } }));
  await succeed(stack.up());
  const before = Object.fromEntries(modes.map((mode) => [mode, idsByName(mode)]));

  await declare(() => ({
    before: { name: "a" },
    one: { name: "a2" },
    two: { name: "b2" },
    after: { name: "b" },
    left: { name: "y" },
    // The engine checks this key only after the rename of the other key was refused.
    right: { name: "x", $seconds: 4 },
  }));
  await succeed(stack.up());
  for (const mode of modes) {
    const { a, b, x, y } = before[mode] ?? {};
    expect(idsByName(mode)).toEqual({
      a: expect.any(String) as string,
      b: expect.any(String) as string,
      a2: a,
      b2: b,
      x: y,
      y: x,
    });
    for (const id of [a, b]) expect([idsByName(mode)["a"], idsByName(mode)["b"]]).not.toContain(id);
  }
  expect((await stack.refresh()).stdout).toContain(`${6 * modes.length + 1} unchanged`);
});
