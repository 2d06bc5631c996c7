import { expect, type TestContext } from "vitest";
import type { Fault, Sandbox, SandboxOptions } from "../../../sandbox/index.ts";
import type { CommandResult } from "./index.ts";
import { leaksIn } from "./leaks.ts";
import { type Keys, keysStack } from "./sandboxed.ts";

export const always = { times: Infinity };

export async function keysOf(context: TestContext, count: number, options: SandboxOptions = {}) {
  const made = await keysStack(options, {}, context);
  const keys: Keys = {};
  for (let number = 1; number <= count; number += 1) keys[`key${number}`] = { name: `key ${number}`, apiVersion: "v2" };
  await made.declare(keys);
  const { sandbox, stack } = made;
  const safely = async (command: Promise<CommandResult>) => {
    const result = await command;
    expect(leaksIn("output", result.all, sandbox)).toEqual([]);
    return result;
  };
  return {
    ...made,
    keys,
    up: (options = {}) => safely(stack.up(options)),
    refresh: (options = {}) => safely(stack.refresh(options)),
    destroy: (options = {}) => safely(stack.destroy(options)),
    /** Declares every key with a new name. */
    rename: () =>
      made.declare(Object.fromEntries(Object.entries(keys).map(([id, key]) => [id, { ...key, name: `${id} new` }]))),
  };
}

export const names = (sandbox: Sandbox) =>
  sandbox
    .keys()
    .map(({ name }) => name)
    .sort();

/** The CLI's summary for each resource, without the progress lines. */
export function diagnostics({ stdout }: CommandResult): string {
  return stdout.slice(stdout.indexOf("Diagnostics:"));
}

export function failOneByOne(sandbox: Sandbox, method: string, effects: Fault[]): void {
  effects.forEach((effect, index) => sandbox.fail({ ...effect, method, nth: index + 1 } as Fault));
}
