import { expect, onTestFinished, test } from "vitest";
import { startSandbox } from "../../sandbox/index.ts";
import { keysStack, requestsSince } from "./support/sandboxed.ts";
import { Project } from "./support/index.ts";

const chained = `
  const pulumi = require("@pulumi/pulumi");
  const { ApplicationKey } = require("pulumi-datadog-application-key");
  const { readFileSync } = require("node:fs");
  const { label } = JSON.parse(readFileSync(__dirname + "/keys.json", "utf8"));
  const provider = { create: (inputs) => ({ id: "upstream", outs: inputs }), update: (id, olds, news) => ({ outs: news }) };
  class Upstream extends pulumi.dynamic.Resource {
    constructor(name, props) { super(provider, name, { label: undefined, made: undefined, ...props }); }
  }
  const upstream = new Upstream("upstream", { label });
  const made = pulumi.all([upstream.id, upstream.label]).apply(([id, text]) => id + "-" + text);
  exports.chained = new ApplicationKey("chained", { name: made, scopes: [made.apply(() => "monitors_read")] });
  exports.plain = new ApplicationKey("plain");
  exports.secretive = new ApplicationKey("secretive", {}, { additionalSecretOutputs: ["owner", "createdAt"] });
`;

test("names that are known only after apply, the default name, and the user's own secret outputs", async () => {
  const { sandbox, project, stack, ask } = await keysStack();
  const names = () => sandbox.keys().map(({ name }) => name);
  await project.setProgram(chained);
  await ask({ label: "one" });
  const preview = await stack.preview();
  expect(preview).toMatchObject({ exitCode: 0, stdout: expect.stringMatching(/name *: \[unknown\]/) as string });
  expect(sandbox.requests()).toEqual([]);
  expect(await stack.up()).toMatchObject({ exitCode: 0 });
  expect(names().sort()).toEqual(["test-dev-plain", "test-dev-secretive", "upstream-one"]);
  const [before] = sandbox.keys().filter(({ name }) => name === "upstream-one");

  await ask({ label: "two" });
  const since = requestsSince(sandbox);
  expect(await stack.preview()).toMatchObject({ exitCode: 0 });
  expect(since()).toEqual([]);
  expect(await stack.up()).toMatchObject({ exitCode: 0 });
  expect(sandbox.keys()).toContainEqual({ ...before, name: "upstream-two" });

  // The user's own names of secret outputs come beside ours, not in its place.
  expect(await stack.outputs()).toMatchObject({
    plain: { hash: "[secret]", owner: "user@example.com" },
    secretive: { hash: "[secret]", owner: "[secret]" },
  });
  const state = await stack.export();
  for (const { key } of sandbox.keys()) expect(state.includes(key)).toBe(false);

  expect(await stack.destroy()).toMatchObject({ exitCode: 0 });
  expect(sandbox.keys()).toEqual([]);
});

test("a key is replaced as the program or the user orders it, and taken over under another resource's name", async () => {
  const { sandbox, stack, ask } = await keysStack();
  const since = requestsSince(sandbox);
  const key = (keeper: string) => ({ name: "ci", keepers: { year: keeper }, $options: { deleteBeforeReplace: true } });
  await ask({ ci: key("2025") });
  expect(await stack.up()).toMatchObject({ exitCode: 0 });
  const first = sandbox.keys();
  since();
  await ask({ ci: key("2026") });
  expect(await stack.up()).toMatchObject({ exitCode: 0 });
  expect(since().filter((request) => !request.startsWith("GET"))).toEqual([
    "DELETE /api/v1/application_key/{hash} 200",
    "POST /api/v1/application_key 200",
  ]);
  expect(sandbox.keys()).toMatchObject([{ name: "ci" }]);
  expect(sandbox.keys()).not.toEqual(first);

  // The engine does not tell a provider of --replace: to it, that is a new resource whose name is taken.
  const kept = sandbox.keys();
  const flags = ["--replace", "urn:pulumi:dev::test::pulumi-nodejs:dynamic/datadog:ApplicationKey::ci"];
  await ask({ ci: { name: "ci", keepers: { year: "2026" } } });
  const refused = await stack.up({ flags });
  expect(refused.exitCode).not.toBe(0);
  expect(refused.all).toContain("was to rotate it, change `keepers` instead");
  expect(sandbox.keys()).toEqual(kept);
  await ask({ ci: { name: "ci", keepers: { year: "2026" }, adopt: "replace" } });
  expect(await stack.up({ flags })).toMatchObject({ exitCode: 0 });
  const second = sandbox.keys();
  expect(second).toMatchObject([{ name: "ci" }]);
  expect(second).not.toEqual(kept);

  // No alias: to the engine one resource goes and another comes. To Datadog it is one key, and it stays.
  await ask({ renamed: { name: "ci", keepers: { year: "2026" }, adopt: true } });
  const up = await stack.up();
  expect(up).toMatchObject({ exitCode: 0 });
  expect(up.all).toContain("is not revoked, because ApplicationKey ");
  expect(sandbox.keys()).toEqual(second);
  expect((await stack.up()).stdout).toContain("2 unchanged");
  expect(await stack.destroy()).toMatchObject({ exitCode: 0 });
  expect(sandbox.keys()).toEqual([]);
});

test("a TypeScript program with credentials from the configuration", async () => {
  const sandbox = await startSandbox();
  onTestFinished(() => sandbox.close());
  const project = await Project.create({
    language: "ts",
    program: `
      import * as pulumi from "@pulumi/pulumi";
      import { ApplicationKey, type Site, sites } from "pulumi-datadog-application-key";
      const site: Site = sites[3];
      const ci = new ApplicationKey("ci", { name: "ci", site, keepers: { year: pulumi.output("2026") } });
      export const name: pulumi.Output<string> = ci.name;
      export const where: pulumi.Output<Site> = ci.site;
      export const hash = ci.hash;
    `,
  });
  const stack = await project.stack("dev", {
    config: { "datadog:apiUrl": sandbox.url },
    secrets: { "datadog:apiKey": sandbox.apiKey, "datadog:appKey": sandbox.appKey },
  });
  expect(await stack.up()).toMatchObject({ exitCode: 0 });
  expect(await stack.outputs()).toEqual({ name: "ci", where: "datadoghq.eu", hash: "[secret]" });
  // Where it stands in the program, and nothing of what called the program.
  const { deployment } = JSON.parse(await stack.export()) as { deployment: { resources: { stackTrace: unknown }[] } };
  const sourcePosition = expect.stringMatching(/^project:\/\/\/index\.ts#\d+,\d+$/) as string;
  expect(deployment.resources.at(-1)?.stackTrace).toEqual([{ sourcePosition }]);
  expect(await stack.destroy()).toMatchObject({ exitCode: 0 });
  expect(sandbox.keys()).toEqual([]);
});
