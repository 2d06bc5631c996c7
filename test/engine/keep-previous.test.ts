import { expect, test } from "vitest";
import { keysInEachMode, type ModeName, modes, succeed } from "./support/modes.ts";

interface Outputs {
  hash: string;
  previousHash: string | null;
}

test("with keepPrevious two keys are valid at the same time, the state encrypts both, and a destroy revokes both", async () => {
  const { stack, declare, sandboxes } = await keysInEachMode();
  const rotate = (turn: number) => declare(() => ({ ci: { keepers: { turn: String(turn) }, keepPrevious: true } }));
  const outputs = async () => {
    const all = (await stack.outputs({ showSecrets: true })) as Record<string, Outputs>;
    return (mode: ModeName) => all[`ci-${mode}`] ?? { hash: "none", previousHash: "none" };
  };
  const secrets = (mode: ModeName) => sandboxes[mode].keys().map(({ key }) => key);

  await rotate(1);
  await succeed(stack.up());
  const first = await outputs();
  for (const mode of modes) expect(first(mode).previousHash).toBeNull();

  await rotate(2);
  const said = await succeed(stack.up());
  const second = await outputs();
  const state = await stack.export();
  for (const mode of modes) {
    expect(second(mode).previousHash).toBe(first(mode).hash);
    expect(secrets(mode)).toEqual([first(mode).hash, second(mode).hash]);
    for (const secret of secrets(mode)) expect(state + said).not.toContain(secret);
  }

  await succeed(stack.up({ flags: ["--refresh", "--expect-no-changes"] }));
  await rotate(3);
  await succeed(stack.up({ flags: ["--refresh"] }));
  const third = await outputs();
  for (const mode of modes) {
    expect(third(mode).previousHash).toBe(second(mode).hash);
    expect(secrets(mode)).toEqual([second(mode).hash, third(mode).hash]);
  }

  await succeed(stack.destroy());
  for (const mode of modes) expect(sandboxes[mode].keys()).toEqual([]);
});
