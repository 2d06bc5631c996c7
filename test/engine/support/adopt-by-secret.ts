import path from "node:path";
import { expect } from "vitest";
import { leaksBelow, leaksIn } from "./leaks.ts";
import { keysStack } from "./sandboxed.ts";

export const program = (args: string) => `
  const pulumi = require("@pulumi/pulumi");
  const { ApplicationKey } = require("pulumi-datadog-application-key");
  const config = new pulumi.Config();
  exports.hash = new ApplicationKey("ci", { name: "ci-deployer", ${args} }).hash;
`;

export const bySecret = "adopt: { secret: config.requireSecret('ciKey') }";

export async function stackWithKey() {
  const made = await keysStack({ oneTimeRead: true });
  const key = made.sandbox.add({ name: "ci-deployer" });
  await made.stack.setConfig("ciKey", key.key, { secret: true });
  const texts: string[] = [];
  /** Runs a command that must succeed, and keeps its output. */
  const run = async (...args: string[]) => {
    const { exitCode, all } = await made.stack.run([...args, "--diff", "--stack", "dev"]);
    texts.push(all);
    expect(exitCode, all).toBe(0);
    return all;
  };
  const leaks = async () => {
    const inFiles = await leaksBelow(path.dirname(made.project.folder), made.sandbox);
    return [...leaksIn("what was shown", texts.join("\n"), made.sandbox), ...inFiles.leaks];
  };
  return { ...made, key, run, leaks };
}
