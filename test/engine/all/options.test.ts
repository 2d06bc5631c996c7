import { expect, test } from "vitest";
import { keysStack } from "../support/sandboxed.ts";

const hooked = `
  const pulumi = require("@pulumi/pulumi");
  const { ApplicationKey } = require("pulumi-datadog-application-key");
  const hook = new pulumi.ResourceHook("hook", async ({ newOutputs }) => {
    const kinds = ["hash", "previousHash"].map((name) => [name, pulumi.Output.isInstance(newOutputs[name])]);
    console.log("hook: " + JSON.stringify(Object.fromEntries(kinds)));
  });
  const args = { name: "ci", keepPrevious: true, keepers: { turn: process.env.TURN } };
  new ApplicationKey("ci", args, { hooks: { afterCreate: [hook] } });
`;

test("a hook gets the key and the previous key as secret Outputs, not in plain text", async () => {
  const { project, stack } = await keysStack();
  await project.setProgram(hooked);
  expect((await stack.up({ env: { TURN: "1" } })).stdout).toContain('hook: {"hash":true,"previousHash":false}');
  expect((await stack.up({ env: { TURN: "2" } })).stdout).toContain('hook: {"hash":true,"previousHash":true}');
});

test("a protected key is not rotated until a run without its protection", async () => {
  const { sandbox, stack, declare } = await keysStack();
  const $options = { protect: true };
  await declare({ ci: { keepers: { turn: "1" }, $options } });
  expect(await stack.up()).toMatchObject({ exitCode: 0 });
  await declare({ ci: { keepers: { turn: "2" }, $options } });
  const refused = await stack.up();
  expect(refused.exitCode).not.toBe(0);
  expect(refused.all).toContain("marked for protection");
  await stack.succeed(["state", "unprotect", "--all", "--yes", "--stack", "dev"]);
  expect((await stack.up()).stdout).toContain("1 replaced");
  expect(sandbox.keys()).toHaveLength(1);
  expect(await stack.export()).toContain('"protect": true');
});
