import { describe, expect, test } from "vitest";
import { Reference } from "./support/engine/wire";
import { messagesOf } from "./support/messages";
import { modes, start } from "./support/organisations";
import { Stack } from "./support/stack";

describe.each(modes)("with %s, two resources", (_, options, more) => {
  test.each([true, "replace"] as const)(
    "are refused in preview if a new one adopts the name of another that waits for it (adopt: %s)",
    async (adopt) => {
      const sandbox = await start(options);
      const stack = new Stack(sandbox);
      expect((await stack.up({ a: { name: "ci", adopt, ...more } })).errors).toEqual([]);
      const before = sandbox.keys();
      const waits = new Reference("b", "keepers") as unknown as Record<string, string>;
      const program = {
        b: { name: "ci", adopt, ...more },
        a: { name: "deploy", adopt, keepers: waits, ...more },
      };
      const { errors } = await stack.preview(program);
      expect(messagesOf(errors)).toEqual([
        expect.stringMatching(
          /ApplicationKey "a" gives up the name "ci" .* new ApplicationKey "b" adopts a key of that name/,
        ),
      ]);
      expect(sandbox.keys()).toEqual(before);
    },
  );

  test("with the same key are refused by name until one of them is rotated", async () => {
    const sandbox = await start(options);
    const stack = new Stack(sandbox);
    expect((await stack.up({ a: { name: "ci", ...more } })).errors).toEqual([]);
    const { id, inputs, outputs } = stack.resources.get("a") ?? {};
    if (id === undefined || !inputs || !outputs) throw new Error("the state has no a");
    const twin = { ...inputs, name: "ci" };
    await stack.importResource("b", { id, inputs: twin, outputs: { ...outputs } }, {});
    const before = sandbox.keys();

    const twins = { a: { name: "ci", ...more }, b: { name: "ci", ...more } };
    expect(messagesOf((await stack.up(twins)).errors)).toEqual([
      expect.stringMatching(/belongs to ApplicationKey "a", and ApplicationKey "b" has it too/),
    ]);
    expect(sandbox.keys()).toEqual(before);
    const apart = { ...twins, b: { name: "deploy", keepers: { turn: "1" }, ...more } };
    expect(messagesOf((await stack.up(apart)).errors)).toEqual([]);
    expect(sandbox.keys().map(({ name }) => name)).toEqual(["ci", "deploy"]);
  });
});
