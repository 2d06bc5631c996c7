import { writeFile } from "node:fs/promises";
import path from "node:path";
import { type TestContext, onTestFinished } from "vitest";
import { type RecordedRequest, type Sandbox, type SandboxOptions, startSandbox } from "../../../sandbox/index.ts";
import { Project, type ProjectOptions, type Stack, type StackOptions } from "./index.ts";

/** Resources of the program by name: the arguments of each, and the options. */
export type Keys = Record<string, Record<string, unknown>>;

/**
 * Makes what keys.json asks for, and exports each resource under its name. A field `$options` goes to the resource, and
 * `$seconds` says how long after the others the program declares it.
 */
export const keysProgram = `
  const { readFileSync } = require("node:fs");
  const { ApplicationKey } = require("pulumi-datadog-application-key");
  const keys = JSON.parse(readFileSync(__dirname + "/keys.json", "utf8"));
  for (const [name, { $options, $seconds, ...args }] of Object.entries(keys)) {
    const make = () => new ApplicationKey(name, args, $options);
    exports[name] = $seconds ? new Promise((resolve) => setTimeout(() => resolve(make()), 1000 * $seconds)) : make();
  }
`;

/** The environment that points a program at a sandbox, as one of its users. */
export function credentials(sandbox: Sandbox, { appKey } = { appKey: sandbox.appKey }): Record<string, string> {
  return { DD_HOST: sandbox.url, DD_API_KEY: sandbox.apiKey, DD_APP_KEY: appKey };
}

/** The settings of a named connection that points at a sandbox. */
export function connection(name: string, sandbox: Sandbox): Required<Pick<StackOptions, "config" | "secrets">> {
  return {
    config: { [`datadog-${name}:apiUrl`]: sandbox.url },
    secrets: { [`datadog-${name}:apiKey`]: sandbox.apiKey, [`datadog-${name}:appKey`]: sandbox.appKey },
  };
}

/** A project whose program makes the keys of a list that the test sets. */
export async function keysProject(options: Partial<ProjectOptions> = {}) {
  const project = await Project.create({
    program: keysProgram,
    ...options,
    files: { "keys.json": "{}", ...options.files },
  });
  return {
    project,
    /** The program's keys, or whatever else a program of the test's own takes from keys.json. */
    ask: (keys: Keys | Record<string, string>) =>
      writeFile(path.join(project.folder, "keys.json"), JSON.stringify(keys)),
  };
}

/**
 * A sandbox and a stack whose keys are made in it, for one test.
 * @param context that of a test which runs beside others of its file
 */
export async function keysStack(
  sandboxOptions: SandboxOptions = {},
  stackOptions: StackOptions = {},
  context: Pick<TestContext, "onTestFinished"> = { onTestFinished },
): Promise<{
  sandbox: Sandbox;
  stack: Stack;
  project: Project;
  ask: (keys: Keys | Record<string, string>) => Promise<void>;
}> {
  const sandbox = await startSandbox(sandboxOptions);
  context.onTestFinished(() => sandbox.close());
  const { project, ask } = await keysProject({ env: credentials(sandbox) });
  return { sandbox, project, ask, stack: await project.stack("dev", stackOptions) };
}

/** What a sandbox is asked from now on: each call gives what came since the one before. */
export function requestsSince(sandbox: Sandbox): () => string[] {
  let seen = sandbox.requests().length;
  return () => {
    const all = sandbox.requests();
    const fresh = all.slice(seen);
    seen = all.length;
    return fresh.map(shown);
  };
}

/** `POST /api/v1/application_key 200` */
function shown({ method, route, status }: RecordedRequest): string {
  return `${method} ${route} ${status ?? "-"}`;
}
