import { rm, writeFile } from "node:fs/promises";
import path from "node:path";
import { describe, expect, test } from "vitest";
import type { Sandbox, SandboxOptions } from "../../../sandbox/index.ts";
import { consumed, consumersProgram } from "../support/consumers.ts";
import type { Stack } from "../support/index.ts";
import { keysStack } from "../support/sandboxed.ts";

async function rotating(options?: SandboxOptions) {
  const setUp = await keysStack(options);
  await setUp.project.setProgram(consumersProgram);
  const rotate = (to: string, more: Record<string, unknown> = {}) =>
    setUp.declare({ ci: { name: "ci", keepers: { rotated: to }, ...more } });
  return { ...setUp, rotate };
}

async function hashOf(stack: Stack): Promise<string> {
  const { ci } = (await stack.outputs({ showSecrets: true })) as { ci: { hash: string } };
  return ci.hash;
}

const names = (sandbox: Sandbox) => sandbox.keys().map(({ name }) => name);
describe("a rotation that fails in the middle is finished by the next up", () => {
  test("if the new key is refused, the renamed old key stays in use", async () => {
    const { sandbox, stack, rotate } = await rotating();
    await rotate("first");
    await stack.up();
    const before = await hashOf(stack);

    const removeFault = sandbox.fail({ kind: "status", status: 403, method: "POST", nth: 2, times: Infinity });
    await rotate("second");
    expect(await stack.up()).not.toMatchObject({ exitCode: 0 });
    expect(sandbox.keys()).toMatchObject([{ name: expect.stringMatching(/^ci \(replaced /) as string, key: before }]);
    expect(await hashOf(stack)).toBe(before);
    expect(await consumed(stack)).toEqual({ ci: before });

    removeFault();
    expect(await stack.up()).toMatchObject({ exitCode: 0 });
    expect(sandbox.keys()).toMatchObject([{ name: "ci", key: await hashOf(stack) }]);
    expect(await hashOf(stack)).not.toBe(before);
    await stack.destroy();
  });

  test("if the old key cannot be renamed, no key is created and the old one keeps its name", async () => {
    const { sandbox, stack, rotate } = await rotating();
    await rotate("first");
    await stack.up();
    const before = await hashOf(stack);

    const removeFault = sandbox.fail({ kind: "status", status: 403, method: "PUT", times: Infinity });
    await rotate("second");
    expect(await stack.up()).not.toMatchObject({ exitCode: 0 });
    expect(sandbox.keys()).toMatchObject([{ name: "ci", key: before }]);
    expect(await hashOf(stack)).toBe(before);

    removeFault();
    expect(await stack.up()).toMatchObject({ exitCode: 0 });
    expect(sandbox.keys()).toMatchObject([{ name: "ci", key: await hashOf(stack) }]);
    await stack.destroy();
  });

  test("if a dependent resource fails, both keys stay valid and in the state", async () => {
    const { sandbox, stack, rotate, project } = await rotating({ oneTimeRead: true });
    await rotate("first");
    await stack.up();
    const before = await hashOf(stack);

    await writeFile(path.join(project.folder, "consumer-fails"), "");
    await rotate("second");
    expect(await stack.up()).not.toMatchObject({ exitCode: 0 });
    expect(sandbox.keys()).toHaveLength(2);
    expect(sandbox.keys()).toContainEqual(expect.objectContaining({ key: before }));
    expect(await consumed(stack)).toEqual({ ci: before });
    const state = await stack.export();
    for (const { key } of sandbox.keys()) expect(state).not.toContain(key);
    expect(state.match(/"delete": true/g)).toHaveLength(1);

    await rm(path.join(project.folder, "consumer-fails"));
    expect(await stack.up()).toMatchObject({ exitCode: 0 });
    const after = await hashOf(stack);
    expect(sandbox.keys()).toMatchObject([{ name: "ci", key: after }]);
    expect(await consumed(stack)).toEqual({ ci: after });
    await stack.destroy();
    expect(sandbox.keys()).toEqual([]);
  });

  test.each([{ oneTimeRead: false }, { oneTimeRead: true }])(
    "if the old key cannot be revoked, the error says so and the next up revokes it (One-Time Read: $oneTimeRead)",
    async (options) => {
      const { sandbox, stack, rotate } = await rotating(options);
      await rotate("first");
      await stack.up();
      const before = await hashOf(stack);

      const removeFault = sandbox.fail({ kind: "status", status: 403, method: "DELETE", times: Infinity });
      await rotate("second");
      const failed = await stack.up();
      expect(failed).not.toMatchObject({ exitCode: 0 });
      expect(failed.all).toContain("403");
      expect(sandbox.keys()).toHaveLength(2);
      expect(await consumed(stack)).toEqual({ ci: await hashOf(stack) });
      expect(await hashOf(stack)).not.toBe(before);

      removeFault();
      expect(await stack.up()).toMatchObject({ exitCode: 0 });
      expect(sandbox.keys()).toMatchObject([{ name: "ci", key: await hashOf(stack) }]);
      await stack.destroy();
      expect(sandbox.keys()).toEqual([]);
    },
  );

  test.each([{ oneTimeRead: false }, { oneTimeRead: true }])(
    "if the answer to the create is lost, exactly one key is left (One-Time Read: $oneTimeRead)",
    async (options) => {
      const { sandbox, stack, rotate } = await rotating(options);
      await rotate("first");
      await stack.up();
      // The first POST is refused because of its name. The second is carried out.
      sandbox.fail({ kind: "drop-after", method: "POST", nth: 2 });
      await rotate("second");
      expect(await stack.up()).toMatchObject({ exitCode: 0 });
      expect(names(sandbox)).toEqual(["ci"]);
      expect(sandbox.keys()).toMatchObject([{ key: await hashOf(stack) }]);
      await stack.destroy();
    },
  );
});

test("after a key is renamed and rotated in one step, no key has the old name", async () => {
  const { sandbox, stack, rotate } = await rotating();
  await rotate("first");
  await stack.up();
  await rotate("second", { name: "ci-second" });
  expect(await stack.up()).toMatchObject({ exitCode: 0 });
  expect(names(sandbox)).toEqual(["ci-second"]);
  await stack.destroy();
});
