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

const commandLine = (args: string[]) => [command, "import", "--stack", "dev", ...args];

export interface ImportOptions {
  input?: string;
  env?: Record<string, string>;
}

export interface ImportProject {
  sandbox: Sandbox;
  project: Project;
  /** A stack without a program. Its configuration has the sandbox's credentials. */
  stack: Stack;
  /** The folder of temporary files. */
  temporary: string;
  /** The requests to the sandbox since the last call. */
  since: () => string[];
  /** Runs the command without a terminal. */
  run: (args: string[], options?: ImportOptions) => Promise<CommandResult>;
  /** Runs the command at a terminal. */
  runAtTerminal: (args: string[], answers: Answer[]) => Promise<CommandResult>;
  /** Starts the command. */
  spawn: (args: string[]) => ReturnType<Stack["spawnOther"]>;
  /** Makes a program from the lines that the command printed. */
  follow: (result: CommandResult, change?: (lines: string) => string) => Promise<void>;
}

/** A project with an empty stack, and a sandbox with keys that no stack manages. */
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
    run: (args, more) => stack.runOther(process.execPath, commandLine(args), more),
    runAtTerminal: (args, answers) => stack.runAtTerminal(process.execPath, commandLine(args), answers),
    spawn: (args) => stack.spawnOther(process.execPath, commandLine(args)),
    follow: ({ stdout }, change = (lines) => lines) =>
      project.setProgram(change(stdout.slice(stdout.indexOf("import {"))), "mjs"),
  };
}

/** The stack configuration that points at a sandbox. */
export function credentialsOf(sandbox: Sandbox): StackOptions {
  return {
    config: { "datadog:apiUrl": sandbox.url },
    secrets: { "datadog:apiKey": sandbox.apiKey, "datadog:appKey": sandbox.appKey },
  };
}

/** The folders that contain or contained an import file. */
export async function importFolders(temporary: string): Promise<string[]> {
  return (await readdir(temporary)).filter((name) => name.startsWith("pulumi-datadog-application-key-import-"));
}

/** Searches the list of processes for secrets until a command ends, and then all files and the output. */
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
    // Without the pause, the search would take half of the processor time.
    await delay(50);
  }
  const result = await finished;
  // The parent folder also contains Pulumi's home and the files of the language host.
  const inFiles = await leaksBelow(path.dirname(project.folder), sandbox);
  leaks.push(...leaksIn("the output", result.all, sandbox), ...inFiles.leaks);
  return { result, samples, leaks };
}
