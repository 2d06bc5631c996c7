import { LocalWorkspace } from "@pulumi/pulumi/automation";
import { mkdtemp, rm } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { startSandbox } from "datadog-key-sandbox";
import { expect, onTestFinished, test } from "vitest";
import { teamKeys } from "./keys";

test("up makes the keys in Datadog, and destroy revokes them", async () => {
  const sandbox = await startSandbox();
  onTestFinished(() => sandbox.close());
  const home = await mkdtemp(path.join(os.tmpdir(), "team-keys-"));
  onTestFinished(() => rm(home, { recursive: true }));

  const stack = await LocalWorkspace.createOrSelectStack(
    { projectName: "testing", stackName: "test", program: () => Promise.resolve(teamKeys(["payments", "search"])) },
    {
      // The provider is loaded in the folder `main`, which has to find the package.
      projectSettings: { name: "testing", runtime: "nodejs", main: __dirname },
      envVars: {
        PULUMI_HOME: home,
        PULUMI_BACKEND_URL: `file://${home}`,
        PULUMI_CONFIG_PASSPHRASE: "test",
        DD_HOST: sandbox.url,
        DD_API_KEY: sandbox.apiKey,
        DD_APP_KEY: sandbox.appKey,
      },
    },
  );
  const { outputs } = await stack.up();

  const names = sandbox.keys().map((key) => key.name);
  expect(names.sort()).toEqual(["payments-dashboards", "search-dashboards"]);
  expect(Object.values(outputs).every(({ secret }) => secret)).toBe(true);

  await stack.destroy();
  expect(sandbox.keys()).toEqual([]);
});
