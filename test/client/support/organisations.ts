import { onTestFinished } from "vitest";
import { type Sandbox, type SandboxOptions, startSandbox } from "../../../sandbox/index";
import type { KeyInputs } from "../../../provider/lifecycle/model/inputs";

/** Starts an organisation for one test. */
export async function start(options: SandboxOptions = {}): Promise<Sandbox> {
  const sandbox = await startSandbox(options);
  onTestFinished(() => sandbox.close());
  return sandbox;
}

/** Starts two organisations with the same users, by e-mail. */
export async function startTwo(options: SandboxOptions = {}): Promise<{ here: Sandbox; there: Sandbox }> {
  return { here: await start(options), there: await start(options) };
}

/** The APIs that an organisation can serve keys with, and the inputs that a program needs for each. */
export const modes: readonly (readonly [mode: string, options: SandboxOptions, declared: Partial<KeyInputs>])[] = [
  ["v1", {}, {}],
  ["v2", {}, { apiVersion: "v2" }],
  ["One-Time Read", { oneTimeRead: true }, {}],
];

/** The stack configuration of a connection with this name. */
export function connectionTo({ url, apiKey, appKey }: Pick<Sandbox, "url" | "apiKey" | "appKey">, name = "eu") {
  return { [`datadog-${name}:apiUrl`]: url, [`datadog-${name}:apiKey`]: apiKey, [`datadog-${name}:appKey`]: appKey };
}

export function secretsOf(sandbox: Sandbox): string[] {
  return sandbox.keys().map(({ key }) => key);
}

export function namesOf(sandbox: Sandbox): string[] {
  return sandbox.keys().map(({ name }) => name);
}

/** The number of requests to a sandbox that could change something. */
export function changesSent(sandbox: Sandbox): number {
  return sandbox.requests().filter(({ method }) => method !== "GET").length;
}
