import { expect, test } from "vitest";
import { keysInEachMode, type ModeName, modes, succeed } from "./support/modes.ts";

test("a key is adopted, replaced and revoked with --refresh as without it, in every mode", async () => {
  const { stack, declare, sandboxes } = await keysInEachMode();
  const ids = () =>
    Object.fromEntries(
      modes.map((mode) => [mode, Object.fromEntries(sandboxes[mode].keys().map(({ name, id }) => [name, id]))]),
    ) as Record<ModeName, Record<string, string>>;
  const triggered = (turn: string, more = {}) => ({ $options: { replacementTrigger: turn, ...more } });
  const ordered = { adopt: "replace" };
  await declare(() => ({ goes: {}, given: {}, triggered: triggered("1"), ordered }));
  await succeed(stack.up());
  const first = ids();

  // With --refresh the engine reads and compares every key of the state before it runs the program.
  const urns = new Set((await stack.export()).match(/urn:[^"]*::ordered-\w+/g));
  expect(urns).toHaveLength(modes.length);
  const replace = [...urns].flatMap((urn) => ["--replace", urn]);
  // In One-Time Read mode `adopt: true` cannot read the secret.
  const kept = (mode: ModeName) => (mode === "oneTimeRead" ? { given: {} } : { taker: { name: "given", adopt: true } });
  await declare((mode) => ({ ...kept(mode), triggered: triggered("2"), ordered }));
  await succeed(stack.up({ flags: ["--refresh", ...replace] }));
  const second = ids();
  for (const mode of modes) {
    expect(Object.keys(second[mode]).sort()).toEqual(["given", "ordered", "triggered"]);
    expect(second[mode]["given"]).toBe(first[mode]["given"]);
    for (const name of ["ordered", "triggered"]) expect(second[mode][name]).not.toBe(first[mode][name]);
  }

  await declare((mode) => ({ ...kept(mode), triggered: triggered("3", { deleteBeforeReplace: true }), ordered }));
  await succeed(stack.up({ flags: ["--refresh"] }));
  const third = ids();
  for (const mode of modes) {
    expect(third[mode]).toEqual({ ...second[mode], triggered: expect.any(String) as string });
    expect(third[mode]["triggered"]).not.toBe(second[mode]["triggered"]);
  }

  const destroyed = await succeed(stack.destroy({ flags: ["--refresh"] }));
  expect(destroyed).not.toContain("is not revoked");
  for (const mode of modes) expect(sandboxes[mode].keys()).toEqual([]);
});
