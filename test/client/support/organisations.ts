import { onTestFinished } from "vitest";
import { type Sandbox, type SandboxOptions, startSandbox } from "../../../sandbox/index";
import type { KeyInputs } from "../../../provider/lifecycle/model/properties";

/** An organisation for one test. */
export async function start(options: SandboxOptions = {}): Promise<Sandbox> {
  const sandbox = await startSandbox(options);
  onTestFinished(() => sandbox.close());
  return sandbox;
}

/** Two organisations with the same people, by e-mail. */
export async function startTwo(options: SandboxOptions = {}): Promise<{ here: Sandbox; there: Sandbox }> {
  return { here: await start(options), there: await start(options) };
}

/** The ways in which an organisation serves keys, and what a program says there. */
export const modes: readonly (readonly [mode: string, options: SandboxOptions, declared: Partial<KeyInputs>])[] = [
  ["v1", {}, {}],
  ["v2", {}, { apiVersion: "v2" }],
  ["One-Time Read", { oneTimeRead: true }, {}],
];

/** The configuration of a connection of that name. */
export function connectionTo({ url, apiKey, appKey }: Pick<Sandbox, "url" | "apiKey" | "appKey">, name = "eu") {
  return { [`datadog-${name}:apiUrl`]: url, [`datadog-${name}:apiKey`]: apiKey, [`datadog-${name}:appKey`]: appKey };
}

export function secretsOf(sandbox: Sandbox): string[] {
  return sandbox.keys().map(({ key }) => key);
}

export function namesOf(sandbox: Sandbox): string[] {
  return sandbox.keys().map(({ name }) => name);
}

/** How many requests that may change something a sandbox has had. */
export function changesSent(sandbox: Sandbox): number {
  return sandbox.requests().filter(({ method }) => method !== "GET").length;
}
