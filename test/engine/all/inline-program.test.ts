import { expect, test } from "vitest";
import { keysStack } from "../support/sandboxed.ts";

/** A program of the Automation API that starts in a folder where Node.js cannot find the package. */
const inlineProgram = `
  process.chdir(require("node:os").tmpdir());
  const { LocalWorkspace } = require("@pulumi/pulumi/automation");
  const { ApplicationKey } = require("pulumi-datadog-application-key");
  const program = async () => ({ name: new ApplicationKey("ci", { name: "inline" }).name });
  (async () => {
    const stack = await LocalWorkspace.createOrSelectStack(
      { projectName: "inline", stackName: "test", program },
      { projectSettings: { name: "inline", runtime: "nodejs", main: __dirname } },
    );
    const { outputs } = await stack.up();
    console.log(outputs.name.value);
  })();
`;

test("an inline program loads its provider in the folder of the project's main, wherever the program was started", async () => {
  const { sandbox, project, stack } = await keysStack();
  await project.setProgram(inlineProgram);
  const run = await stack.runOther(process.execPath, ["index.js"]);
  expect(run.exitCode, run.all).toBe(0);
  expect(run.stdout).toBe("inline");
  expect(sandbox.keys()).toMatchObject([{ name: "inline" }]);
});
