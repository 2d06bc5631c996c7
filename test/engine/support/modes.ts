import { expect, onTestFinished } from "vitest";
import { type Sandbox, type SandboxOptions, startSandbox } from "../../../sandbox/index.ts";
import { connection, type Keys, keysProject } from "./sandboxed.ts";
import type { CommandResult, ProjectOptions, Stack } from "./index.ts";

/** A kind of organisation, and the arguments that each key needs there. */
interface Mode {
  readonly sandbox: SandboxOptions;
  readonly args: Readonly<Record<string, unknown>>;
}

const kinds = {
  v1: { sandbox: {}, args: {} },
  v2: { sandbox: {}, args: { apiVersion: "v2" } },
  oneTimeRead: { sandbox: { oneTimeRead: true }, args: {} },
} satisfies Record<string, Mode>;

export type ModeName = keyof typeof kinds;
export const modes = Object.keys(kinds) as ModeName[];

export interface KeysInEachMode {
  readonly stack: Stack;
  readonly sandboxes: Readonly<Record<ModeName, Sandbox>>;
  /** Declares the resources for each mode. In the stack they are called `<name>-<mode>`. */
  readonly declare: (keysOf: (mode: ModeName) => Keys) => Promise<void>;
}

/** One stack with an organisation for each mode, so one series of commands tests all modes. */
export async function keysInEachMode(options: Partial<ProjectOptions> = {}): Promise<KeysInEachMode> {
  const started = await Promise.all(
    modes.map(async (mode) => {
      const sandbox = await startSandbox(kinds[mode].sandbox);
      onTestFinished(() => sandbox.close());
      return [mode, sandbox] as const;
    }),
  );
  const settings = started.map(([mode, sandbox]) => connection(mode, sandbox));
  const { project, declare } = await keysProject(options);
  const stack = await project.stack("dev", {
    config: Object.assign({}, ...settings.map(({ config }) => config)) as Record<string, string>,
    secrets: Object.assign({}, ...settings.map(({ secrets }) => secrets)) as Record<string, string>,
  });
  return {
    stack,
    sandboxes: Object.fromEntries(started) as Record<ModeName, Sandbox>,
    declare: (keysOf) => {
      const resources = modes.flatMap((mode) =>
        Object.entries(keysOf(mode)).map(([name, args]) => [
          `${name}-${mode}`,
          { name, connection: mode, ...kinds[mode].args, ...args },
        ]),
      );
      return declare(Object.fromEntries(resources) as Keys);
    },
  };
}

/** Waits for a command that must succeed, and returns its output. */
export async function succeed(command: Promise<CommandResult>): Promise<string> {
  const { exitCode, all } = await command;
  expect(exitCode, all).toBe(0);
  return all;
}
