import { expect, onTestFinished, test } from "vitest";
import { startSandbox } from "../../../sandbox/index.ts";
import { keysStack } from "../support/sandboxed.ts";

const uuid = "0b1f7ad5-6c2e-4f5e-9d8a-3c1b2a4d5e6f";
const token = `ddpat_${"a1".repeat(20)}`;

test("credentials of the wrong kind fail in preview without a request, and no part of them is shown", async () => {
  const { sandbox, stack, declare } = await keysStack();
  await declare({ ci: { name: "ci" } });
  const { apiKey, appKey } = sandbox;
  for (const [env, reason] of [
    [{ DD_APP_KEY: uuid }, "DD_APP_KEY holds the id of a key (a UUID), not the key itself"],
    [{ DD_API_KEY: appKey, DD_APP_KEY: apiKey }, "DD_API_KEY holds what looks like an application key"],
    [{ DD_APP_KEY: token }, "DD_APP_KEY holds an access token, and Datadog lets no access token create or update"],
    [{ DD_HOST: "https://acme.datadoghq.eu/" }, "DD_HOST is the address of Datadog's web pages (acme.datadoghq.eu)"],
  ] as const) {
    const { exitCode, all } = await stack.preview({ env });
    expect(exitCode).not.toBe(0);
    expect(all).toContain(`resource 'ci' has a problem: ${reason}`);
    for (const secret of [apiKey, appKey, uuid, token]) expect(all).not.toContain(secret.slice(0, 12));
  }
  expect(sandbox.requests()).toEqual([]);
});

test("with an access token, a run without changes, refresh and destroy succeed, and a change fails in preview", async () => {
  const { sandbox, stack, declare } = await keysStack();
  await declare({ ci: { name: "ci", adopt: true } });
  expect(await stack.up()).toMatchObject({ exitCode: 0 });
  const env = { DD_APP_KEY: sandbox.user("user").accessToken };
  expect(await stack.preview({ env })).toMatchObject({
    exitCode: 0,
    stdout: expect.stringContaining("2 unchanged") as string,
  });
  for (const change of [{ name: "cd" }, { name: "ci", keepers: { turn: "2" } }]) {
    await declare({ ci: change });
    const { exitCode, all } = await stack.preview({ env });
    expect(exitCode).not.toBe(0);
    expect(all).toContain("DD_APP_KEY holds an access token");
  }
  // This is Datadog's rule, and the sandbox follows it: a token may read and revoke.
  expect((await stack.refresh({ env, flags: ["--expect-no-changes"] })).exitCode).toBe(0);
  expect(await stack.destroy({ env })).toMatchObject({ exitCode: 0 });
  expect(sandbox.keys()).toEqual([]);
});

test("with replaceOnChanges a name still changes in place, as in every dynamic resource, and the user gets a warning", async () => {
  const { sandbox, stack, declare, project } = await keysStack();
  const $options = { replaceOnChanges: ["name", "site"] };
  await declare({ ci: { name: "ci", $options } });
  const made = await stack.up();
  expect(made).toMatchObject({ exitCode: 0 });
  expect(made.all).toContain('warning: the option replaceOnChanges has no effect for "name"');
  await declare({ ci: { name: "cd", $options } });
  expect((await stack.up()).stdout).toContain("1 updated");
  expect(sandbox.keys()).toMatchObject([{ name: "cd" }]);
  await project.setProgram(`
    const { dynamic } = require("@pulumi/pulumi");
    const provider = {
      create: async (inputs) => ({ id: "1", outs: inputs }),
      diff: async (id, olds, news) => ({ changes: olds.name !== news.name }),
      update: async (id, olds, news) => ({ outs: news }),
    };
    new dynamic.Resource(provider, "plain", { name: process.env.PLAIN }, { replaceOnChanges: ["name"] });
  `);
  // If the engine replaces the key one day, this warning can be removed.
  expect(await stack.up({ env: { PLAIN: "one" } })).toMatchObject({ exitCode: 0 });
  expect((await stack.up({ env: { PLAIN: "two" } })).stdout).toContain("1 updated");
});

test("two resources with the same name fail in preview, with the same error in each run", async () => {
  const { sandbox, stack, declare } = await keysStack();
  // The engine may check either resource first.
  const reason = /ApplicationKey "[abc]" and ApplicationKey "[abc]" both want the name "ci" on datadoghq.com/;
  await declare({ a: { name: "ci" }, b: { name: "ci" } });
  for (let run = 0; run < 2; run += 1) {
    const { exitCode, all } = await stack.preview();
    expect(exitCode).not.toBe(0);
    expect(all).toMatch(reason);
  }
  expect(sandbox.requests()).toEqual([]);

  // Run with the preview, as users do. The provider then checks the same program twice and must report nothing.
  await declare({ a: { name: "ci" }, b: { name: "cd" } });
  expect(await stack.run(["up", "--yes", "--stack", "dev"])).toMatchObject({ exitCode: 0 });
  await declare({ a: { name: "cd" }, b: { name: "ci" } });
  expect(await stack.preview()).toMatchObject({ exitCode: 0 });
  await declare({ a: { name: "ci", keepers: { turn: "2" } }, b: { name: "cd" } });
  const rotated = await stack.up({ flags: ["--refresh"] });
  expect(rotated).toMatchObject({ exitCode: 0, stdout: expect.stringContaining("1 replaced") as string });
  expect(rotated.all).not.toContain("both want");

  await declare({ a: { name: "ci", keepers: { turn: "2" } }, b: { name: "cd" }, c: { name: "ci" } });
  expect((await stack.preview()).all).toMatch(reason);
  const doubled = await stack.up();
  expect(doubled.exitCode).not.toBe(0);
  expect(doubled.all).toMatch(reason);
  await declare({ a: { name: "ci", keepers: { turn: "2" } }, b: { name: "ci" } });
  const renamed = await stack.preview();
  expect(renamed.exitCode).not.toBe(0);
  expect(renamed.all).toMatch(reason);
  expect(sandbox.keys()).toHaveLength(2);
});

test("the first 403 of a run says which user's credentials were refused, and destroy says which configuration it uses", async () => {
  const sandbox = await startSandbox();
  onTestFinished(() => sandbox.close());
  const { stack, declare } = await keysStack(
    {},
    {
      config: { "datadog:apiUrl": sandbox.url },
      secrets: { "datadog:apiKey": sandbox.apiKey, "datadog:appKey": sandbox.appKey },
    },
  );
  await declare({ one: { name: "one" }, two: { name: "two" } });
  const removeFault = sandbox.fail({ kind: "status", status: 403, method: "POST", times: Infinity });
  const refused = await stack.up({ flags: ["--parallel", "1"] });
  expect(refused.exitCode).not.toBe(0);
  expect(refused.all).toContain("The key in datadog:appKey belongs to the user");
  expect(refused.all).not.toContain("use the configuration of the last");
  removeFault();
  expect(await stack.up()).toMatchObject({ exitCode: 0 });
  sandbox.fail({ kind: "status", status: 403, times: Infinity });
  const destroyed = await stack.destroy();
  expect(destroyed.exitCode).not.toBe(0);
  expect(destroyed.all).toContain(
    "Datadog refused datadog:apiKey and datadog:appKey on datadoghq.com, for application key",
  );
  expect(destroyed.all).toContain("1. Was the configuration changed since the last `pulumi up`?");
});

test("each failure of a named connection names the settings of that connection", async () => {
  const eu = await startSandbox();
  onTestFinished(() => eu.close());
  const { stack, declare } = await keysStack(
    {},
    {
      config: { "datadog-eu:apiUrl": eu.url },
      secrets: { "datadog-eu:apiKey": eu.apiKey, "datadog-eu:appKey": `ddapp_${"x".repeat(34)}` },
    },
  );
  await declare({ ci: { name: "ci", connection: "eu" } });
  const { exitCode, all } = await stack.up();
  expect(exitCode).not.toBe(0);
  expect(all).toContain(
    'Datadog refused datadog-eu:apiKey and datadog-eu:appKey on datadoghq.com, for application key "ci": 403 Forbidden.',
  );
  expect(all).not.toMatch(/datadog:a|DD_/);
});
