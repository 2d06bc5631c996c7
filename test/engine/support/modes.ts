import { expect, onTestFinished } from "vitest";
import { type Sandbox, type SandboxOptions, startSandbox } from "../../../sandbox/index.ts";
import { connection, type Keys, keysProject } from "./sandboxed.ts";
import type { CommandResult, ProjectOptions, Stack } from "./index.ts";

/** A kind of organisation, and what a program says there about each key. */
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
  /** Sets the program: for each mode its resources, which the stack has under `<name>-<mode>`. */
  readonly ask: (keysOf: (mode: ModeName) => Keys) => Promise<void>;
}

/** One stack for one story, with an organisation of each mode, so that no mode needs commands of its own. */
export async function keysInEachMode(options: Partial<ProjectOptions> = {}): Promise<KeysInEachMode> {
  const started = await Promise.all(
    modes.map(async (mode) => {
      const sandbox = await startSandbox(kinds[mode].sandbox);
      onTestFinished(() => sandbox.close());
      return [mode, sandbox] as const;
    }),
  );
  const settings = started.map(([mode, sandbox]) => connection(mode, sandbox));
  const { project, ask } = await keysProject(options);
  const stack = await project.stack("dev", {
    config: Object.assign({}, ...settings.map(({ config }) => config)) as Record<string, string>,
    secrets: Object.assign({}, ...settings.map(({ secrets }) => secrets)) as Record<string, string>,
  });
  return {
    stack,
    sandboxes: Object.fromEntries(started) as Record<ModeName, Sandbox>,
    ask: (keysOf) => {
      const resources = modes.flatMap((mode) =>
        Object.entries(keysOf(mode)).map(([name, args]) => [
          `${name}-${mode}`,
          { name, connection: mode, ...kinds[mode].args, ...args },
        ]),
      );
      return ask(Object.fromEntries(resources) as Keys);
    },
  };
}

/** Waits for a command that must not fail, and gives what it showed. */
export async function succeed(command: Promise<CommandResult>): Promise<string> {
  const { exitCode, all } = await command;
  expect(exitCode, all).toBe(0);
  return all;
}
