import { expect, onTestFinished, test } from "vitest";
import { startSandbox, type SandboxOptions } from "../../../sandbox/index.ts";
import { connection, credentials, keysStack } from "../support/sandboxed.ts";

/** The configured organisation, and a second one with the connection "eu". */
async function twoOrganisations(second: SandboxOptions = {}) {
  const eu = await startSandbox(second);
  onTestFinished(() => eu.close());
  const { config, secrets } = connection("eu", eu);
  const setUp = await keysStack({}, { config: { ...config, "datadog-eu:site": "datadoghq.eu" }, secrets });
  return { ...setUp, home: setUp.sandbox, eu };
}

test("one stack has keys in two organisations, and each organisation gets requests only for its own keys", async () => {
  const { home, eu, stack, declare } = await twoOrganisations({ oneTimeRead: true });
  await declare({ home: { name: "ci" }, away: { name: "ci", connection: "eu" } });
  expect(await stack.up()).toMatchObject({ exitCode: 0 });
  expect(home.keys()).toMatchObject([{ name: "ci" }]);
  expect(eu.keys()).toMatchObject([{ name: "ci" }]);
  expect(await stack.outputs()).toMatchObject({
    home: { site: "datadoghq.com", apiVersion: "v1", owner: home.users[0]?.email },
    away: { site: "datadoghq.eu", apiVersion: "v2", owner: eu.users[0]?.email },
  });
  const state = await stack.export();
  for (const secret of [home.apiKey, home.appKey, eu.apiKey, eu.appKey]) expect(state).not.toContain(secret);

  const before = [home, eu].map((sandbox) => sandbox.requests().length);
  expect((await stack.preview()).stdout).toContain("3 unchanged");
  expect([home, eu].map((sandbox) => sandbox.requests().length)).toEqual(before);

  await declare({ home: { name: "ci" }, away: { name: "ci-eu", connection: "eu" } });
  expect(await stack.up()).toMatchObject({ exitCode: 0 });
  expect(home.keys()).toMatchObject([{ name: "ci" }]);
  expect(eu.keys()).toMatchObject([{ name: "ci-eu" }]);

  eu.rename(eu.keys()[0]?.id ?? "", "drifted");
  expect((await stack.refresh({ flags: ["--diff"] })).stdout).toContain("drifted");

  expect(await stack.destroy()).toMatchObject({ exitCode: 0 });
  expect(home.keys()).toEqual([]);
  expect(eu.keys()).toEqual([]);
});

test("a change of connection creates the new key before the old one is revoked", async () => {
  const { home, eu, stack, declare } = await twoOrganisations();
  await declare({ ci: { name: "ci" } });
  await stack.up();
  await declare({ ci: { name: "ci", connection: "eu" } });
  expect(await stack.up()).toMatchObject({ exitCode: 0, stdout: expect.stringContaining("1 replaced") as string });
  expect(home.keys()).toEqual([]);
  expect(eu.keys()).toMatchObject([{ name: "ci" }]);
  const made = eu.requests({ method: "POST" })[0];
  const revoked = home.requests({ method: "DELETE" })[0];
  expect(made?.at).toBeLessThan(revoked?.at ?? 0);

  // The engine stores the configuration with the state, encrypted, and uses it for a destroy.
  await stack.removeConfig("datadog-eu:appKey");
  expect(await stack.destroy()).toMatchObject({ exitCode: 0 });
  expect(eu.keys()).toEqual([]);
});

test("a connection without configuration fails in preview, and never uses the credentials in the environment", async () => {
  const { home, stack, declare } = await twoOrganisations();
  await declare({ ci: { name: "ci", connection: "us" } });
  const preview = await stack.preview();
  expect(preview).not.toMatchObject({ exitCode: 0 });
  expect(preview.all).toContain("no Datadog API key: set it with `pulumi config set --secret datadog-us:apiKey`");
  expect(preview.all).toContain(
    "no Datadog application key: set it with `pulumi config set --secret datadog-us:appKey`",
  );
  expect(preview.all).not.toContain("DD_API_KEY");
  expect(home.requests()).toEqual([]);
});

test("a connection name that is invalid in the configuration fails in preview", async () => {
  const { home, stack, declare } = await twoOrganisations();
  await declare({ ci: { name: "ci", connection: "eu:prod" } });
  const preview = await stack.preview();
  expect(preview).not.toMatchObject({ exitCode: 0 });
  expect(preview.all).toContain('must be a name of letters, digits, "-" and "_"');
  expect(home.requests()).toEqual([]);
});

test("only the default connection uses the site and the address in the environment", async () => {
  const { home, eu, stack, declare } = await twoOrganisations();
  await stack.removeConfig("datadog-eu:site");
  await declare({ away: { name: "ci", connection: "eu" } });
  const env = { ...credentials(home), DD_SITE: "us5.datadoghq.com" };
  expect(await stack.up({ env })).toMatchObject({ exitCode: 0 });
  expect(await stack.outputs()).toMatchObject({ away: { site: "datadoghq.com" } });
  expect(home.requests()).toEqual([]);
  expect(await stack.destroy({ env })).toMatchObject({ exitCode: 0 });
  expect(eu.keys()).toEqual([]);
});

test("a destroy without credentials fails, names the missing ones, and leaves the key in the state", async () => {
  const { sandbox, stack, declare } = await keysStack();
  await declare({ ci: { name: "ci" } });
  await stack.up();
  const refused = await stack.destroy({ env: { DD_APP_KEY: "" } });
  expect(refused).not.toMatchObject({ exitCode: 0 });
  expect(refused.all).toContain("no Datadog application key");
  expect(refused.all).toContain("DD_APP_KEY");
  expect(sandbox.keys()).toHaveLength(1);
  expect(await stack.destroy()).toMatchObject({ exitCode: 0 });
  expect(sandbox.keys()).toEqual([]);
});
