import { expect, test } from "vitest";
import { startSandbox } from "../../../sandbox/index.ts";
import { keysProject, keysStack } from "../support/sandboxed.ts";

const outputsAsArguments = `
  const pulumi = require("@pulumi/pulumi");
  const { ApplicationKey } = require("pulumi-datadog-application-key");
  const cfg = new pulumi.Config();
  const a = new ApplicationKey("a", { name: cfg.get("not-set"), apiVersion: "v2" });
  const { site, apiVersion, scopes, serviceAccountId, actionsApi } = a;
  exports.b = new ApplicationKey("b", {
    site, apiVersion, scopes, serviceAccountId, actionsApi,
    name: a.serviceAccountId,
    adopt: a.actionsApi,
    connection: a.serviceAccountId,
    keepPrevious: a.actionsApi,
    keepers: { account: a.serviceAccountId, site },
  });
  exports.c = new ApplicationKey("c", { name: Promise.resolve(undefined), keepers: a.scopes });
`;

test("a key's outputs can be another key's arguments, and an undefined argument counts as absent", async () => {
  const { sandbox, project, stack } = await keysStack();
  await project.setProgram(outputsAsArguments);
  expect(await stack.preview()).toMatchObject({ exitCode: 0 });
  expect(await stack.up()).toMatchObject({ exitCode: 0 });
  expect(
    sandbox
      .keys()
      .map(({ name }) => name)
      .sort(),
  ).toEqual(["test-dev-a", "test-dev-b", "test-dev-c"]);
  expect((await stack.preview()).stdout).toContain("4 unchanged");
});

test("each run warns once about credentials that are in plain text in the configuration", async () => {
  const { sandbox, stack, declare } = await keysStack();
  await stack.setConfig("datadog:appKey", sandbox.appKey);
  await stack.setConfig("datadog:apiKey", sandbox.apiKey, { secret: true });
  await declare({ one: {}, two: {} });
  const preview = await stack.preview();
  expect(preview).toMatchObject({ exitCode: 0 });
  expect(preview.all.match(/is in plain text in/g)).toHaveLength(1);
  expect(preview.all).toContain("pulumi config set --secret datadog:appKey");
});

/** Keys with credentials from a vault, through a provider that a component passes on or that an option names. */
const explicitProvider = `
  const pulumi = require("@pulumi/pulumi");
  const { ApplicationKey } = require("pulumi-datadog-application-key");
  const vault = pulumi.output(new Promise((resolve) => setTimeout(resolve, 10)));
  const credentials = new pulumi.ProviderResource("pulumi-nodejs", "datadog", {
    "datadog:apiUrl": process.env.SANDBOX_URL,
    "datadog:apiKey": pulumi.secret(vault.apply(() => process.env.VAULT_API_KEY)),
    "datadog:appKey": pulumi.secret(vault.apply(() => process.env.VAULT_APP_KEY)),
  });
  new ApplicationKey("named", {}, { provider: credentials });
  class Team extends pulumi.ComponentResource {
    constructor(name, opts) {
      super("acme:index:Team", name, {}, opts);
      new ApplicationKey("handed-down", {}, { parent: this });
    }
  }
  new Team("team", { providers: [credentials] });
`;

test("an explicit provider supplies the configuration, even if default providers are disabled", async () => {
  const sandbox = await startSandbox();
  const env = { SANDBOX_URL: sandbox.url, VAULT_API_KEY: sandbox.apiKey, VAULT_APP_KEY: sandbox.appKey };
  const { project } = await keysProject({ program: explicitProvider, env });
  const stack = await project.stack("dev", { config: { "pulumi:disable-default-providers": '["*"]' } });
  expect(await stack.up()).toMatchObject({ exitCode: 0 });
  expect(
    sandbox
      .keys()
      .map(({ name }) => name)
      .sort(),
  ).toEqual(["test-dev-handed-down", "test-dev-named"]);
  const state = await stack.export();
  for (const secret of [sandbox.apiKey, sandbox.appKey]) expect(state).not.toContain(secret);
  expect((await stack.preview()).stdout).toContain("5 unchanged");

  // The credentials change in the vault. Nothing happens to the keys.
  const rotated = { VAULT_APP_KEY: sandbox.add({ name: "rotated" }).key };
  expect((await stack.up({ env: rotated })).stdout).toMatch(/1 updated\n +4 unchanged/);

  expect(await stack.destroy()).toMatchObject({ exitCode: 0 });
  expect(sandbox.keys()).toMatchObject([{ name: "rotated" }]);
  await sandbox.close();
});
