import { mkdir, readdir } from "node:fs/promises";
import path from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { execa } from "execa";
import { onTestFinished } from "vitest";
import { type Sandbox, type SandboxOptions, startSandbox } from "../../../sandbox/index.ts";
import { requestsSince } from "./sandboxed.ts";
import { type CommandResult, Project, type Stack, type StackOptions } from "./index.ts";
import type { Answer } from "./at-terminal.ts";
import { type Leak, leaksBelow, leaksIn } from "./leaks.ts";

const command = path.resolve("dist/provider/import/cli.js");

const words = (args: string[]) => [command, "import", "--stack", "dev", ...args];

export interface ImportOptions {
  input?: string;
  env?: Record<string, string>;
}

export interface ImportProject {
  sandbox: Sandbox;
  project: Project;
  /** Without a program yet; its configuration has the sandbox's credentials. */
  stack: Stack;
  /** Where temporary files go. */
  temporary: string;
  /** What the sandbox was asked since the last call. */
  since: () => string[];
  /** Runs the command, which is not asked to be sure. */
  run: (args: string[], options?: ImportOptions) => Promise<CommandResult>;
  /** Runs it at a terminal. */
  runAtTerminal: (args: string[], answers: Answer[]) => Promise<CommandResult>;
  /** Starts it. */
  spawn: (args: string[]) => ReturnType<Stack["spawnOther"]>;
  /** Makes a program of the lines that it printed. */
  follow: (result: CommandResult, change?: (lines: string) => string) => Promise<void>;
}

/** A project whose stack is empty, and a sandbox whose keys nobody has put into one. */
export async function importProject(
  options: SandboxOptions = {},
  {
    settings = credentialsOf,
    env = {},
  }: { settings?: (sandbox: Sandbox) => StackOptions; env?: Record<string, string> } = {},
): Promise<ImportProject> {
  const sandbox = await startSandbox(options);
  onTestFinished(() => sandbox.close());
  const project = await Project.create({ program: "", language: "mjs" });
  const temporary = path.join(project.folder, "tmp");
  await mkdir(temporary);
  const stack = await project.stack("dev", { ...settings(sandbox), env: { TMPDIR: temporary, ...env } });
  return {
    sandbox,
    project,
    stack,
    temporary,
    since: requestsSince(sandbox),
    run: (args, more) => stack.runOther(process.execPath, words(args), more),
    runAtTerminal: (args, answers) => stack.runAtTerminal(process.execPath, words(args), answers),
    spawn: (args) => stack.spawnOther(process.execPath, words(args)),
    follow: ({ stdout }, change = (lines) => lines) =>
      project.setProgram(change(stdout.slice(stdout.indexOf("import {"))), "mjs"),
  };
}

/** The stack's configuration that points at a sandbox. */
export function credentialsOf(sandbox: Sandbox): StackOptions {
  return {
    config: { "datadog:apiUrl": sandbox.url },
    secrets: { "datadog:apiKey": sandbox.apiKey, "datadog:appKey": sandbox.appKey },
  };
}

/** The folders that hold an import file, or held one. */
export async function importFolders(temporary: string): Promise<string[]> {
  return (await readdir(temporary)).filter((name) => name.startsWith("pulumi-datadog-application-key-import-"));
}

/** Looks for secrets in the list of processes and in all files, as often as it can, until a command is done. */
export async function watched(
  { sandbox, project }: Pick<ImportProject, "sandbox" | "project">,
  running: Promise<CommandResult>,
): Promise<{ result: CommandResult; samples: number; leaks: Leak[] }> {
  const leaks: Leak[] = [];
  let samples = 0;
  const ending = new AbortController();
  const finished = running.finally(() => {
    ending.abort();
  });
  while (!ending.signal.aborted) {
    const { stdout } = await execa("ps", ["-A", "-o", "args="]);
    leaks.push(...leaksIn("the list of processes", stdout, sandbox));
    samples += 1;
    // All the time would be half of this machine's.
    await delay(50);
  }
  const result = await finished;
  // With it Pulumi's home, and the files of the language host.
  const inFiles = await leaksBelow(path.dirname(project.folder), sandbox);
  leaks.push(...leaksIn("the output", result.all, sandbox), ...inFiles.leaks);
  return { result, samples, leaks };
}
