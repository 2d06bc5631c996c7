import { writeFile } from "node:fs/promises";
import path from "node:path";
import { type TestContext, onTestFinished } from "vitest";
import { type RecordedRequest, type Sandbox, type SandboxOptions, startSandbox } from "../../../sandbox/index.ts";
import { Project, type ProjectOptions, type Stack, type StackOptions } from "./index.ts";

/** Resources of the program by name: the arguments of each and `$options`. */
export type Keys = Record<string, Record<string, unknown>>;

/**
 * Creates the keys in keys.json, and exports each resource under its name. The field `$options` has the resource
 * options, and `$seconds` is the delay after which the program declares the resource.
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

/** The environment variables that point a program at a sandbox, as one of its users. */
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

/** A project whose program creates the keys that the test declares. */
export async function keysProject(options: Partial<ProjectOptions> = {}) {
  const project = await Project.create({
    program: keysProgram,
    ...options,
    files: { "keys.json": "{}", ...options.files },
  });
  return {
    project,
    /** Declares the program's keys, or other content of keys.json for a test with its own program. */
    declare: (keys: Keys | Record<string, string>) =>
      writeFile(path.join(project.folder, "keys.json"), JSON.stringify(keys)),
  };
}

/**
 * A sandbox and a stack with keys in it, for one test.
 * @param context the test's context, if the test runs in parallel with others of its file
 */
export async function keysStack(
  sandboxOptions: SandboxOptions = {},
  stackOptions: StackOptions = {},
  context: Pick<TestContext, "onTestFinished"> = { onTestFinished },
): Promise<{
  sandbox: Sandbox;
  stack: Stack;
  project: Project;
  declare: (keys: Keys | Record<string, string>) => Promise<void>;
}> {
  const sandbox = await startSandbox(sandboxOptions);
  context.onTestFinished(() => sandbox.close());
  const { project, declare } = await keysProject({ env: credentials(sandbox) });
  return { sandbox, project, declare, stack: await project.stack("dev", stackOptions) };
}

/** Returns a function that lists the requests since its last call. */
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
