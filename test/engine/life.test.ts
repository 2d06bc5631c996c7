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

test("a name may be known only after apply, a missing name gets a default, and the user can add secret outputs", async () => {
  const { sandbox, project, stack, declare } = await keysStack();
  const names = () => sandbox.keys().map(({ name }) => name);
  await project.setProgram(chained);
  await declare({ label: "one" });
  const preview = await stack.preview();
  expect(preview).toMatchObject({ exitCode: 0, stdout: expect.stringMatching(/name *: \[unknown\]/) as string });
  expect(sandbox.requests()).toEqual([]);
  expect(await stack.up()).toMatchObject({ exitCode: 0 });
  expect(names().sort()).toEqual(["test-dev-plain", "test-dev-secretive", "upstream-one"]);
  const [before] = sandbox.keys().filter(({ name }) => name === "upstream-one");

  await declare({ label: "two" });
  const since = requestsSince(sandbox);
  expect(await stack.preview()).toMatchObject({ exitCode: 0 });
  expect(since()).toEqual([]);
  expect(await stack.up()).toMatchObject({ exitCode: 0 });
  expect(sandbox.keys()).toContainEqual({ ...before, name: "upstream-two" });

  // The user's secret outputs are added to the provider's own.
  expect(await stack.outputs()).toMatchObject({
    plain: { hash: "[secret]", owner: "user@example.com" },
    secretive: { hash: "[secret]", owner: "[secret]" },
  });
  const state = await stack.export();
  for (const { key } of sandbox.keys()) expect(state.includes(key)).toBe(false);

  expect(await stack.destroy()).toMatchObject({ exitCode: 0 });
  expect(sandbox.keys()).toEqual([]);
});

test("a TypeScript program can use credentials from the configuration", async () => {
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
  // The error shows the line in the program, and no caller of the program.
  const { deployment } = JSON.parse(await stack.export()) as { deployment: { resources: { stackTrace: unknown }[] } };
  const sourcePosition = expect.stringMatching(/^project:\/\/\/index\.ts#\d+,\d+$/) as string;
  expect(deployment.resources.at(-1)?.stackTrace).toEqual([{ sourcePosition }]);
  expect(await stack.destroy()).toMatchObject({ exitCode: 0 });
  expect(sandbox.keys()).toEqual([]);
});
