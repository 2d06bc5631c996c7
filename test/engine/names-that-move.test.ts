import { expect, test } from "vitest";
import { keysInEachMode, type ModeName, modes, succeed } from "./support/modes.ts";

test("names move between keys in one run: to a new key, declared before or after, and in a swap", async () => {
  const { stack, ask, sandboxes } = await keysInEachMode();
  const idsByName = (mode: ModeName) => Object.fromEntries(sandboxes[mode].keys().map(({ name, id }) => [name, id]));
  await ask(() => ({ one: { name: "a" }, two: { name: "b" }, left: { name: "x" }, right: { name: "y" } }));
  await succeed(stack.up());
  const before = Object.fromEntries(modes.map((mode) => [mode, idsByName(mode)]));

  await ask(() => ({
    before: { name: "a" },
    one: { name: "a2" },
    two: { name: "b2" },
    after: { name: "b" },
    left: { name: "y" },
    // The engine checks it only when the rename of the other one has been refused.
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
