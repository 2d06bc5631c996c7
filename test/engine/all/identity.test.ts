import { cp, mkdir, writeFile } from "node:fs/promises";
import path from "node:path";
import { describe, expect, onTestFinished, test } from "vitest";
import { startSandbox } from "../../../sandbox/index.ts";
import { Project } from "../support/index.ts";
import { leaksIn } from "../support/leaks.ts";
import { credentials, keysStack } from "../support/sandboxed.ts";

const ours = `
  const { ApplicationKey } = require("pulumi-datadog-application-key");
  new ApplicationKey("ours", { name: "ci" });
`;
const theirs = `require("./library").key("theirs", { name: "ci", adopt: true });`;
const library = `
  const { ApplicationKey } = require("pulumi-datadog-application-key");
  exports.key = (name, args) => new ApplicationKey(name, args);
`;

describe("when a library brings its own copy of the package", () => {
  test("a key stays valid when adopt moves it from the program's resource to the library's and back", async () => {
    const sandbox = await startSandbox();
    onTestFinished(() => sandbox.close());
    const project = await Project.create({ program: ours, env: credentials(sandbox) });
    const copy = path.join(project.folder, "library/node_modules/pulumi-datadog-application-key");
    await mkdir(copy, { recursive: true });
    for (const part of ["package.json", "dist"]) await cp(part, path.join(copy, part), { recursive: true });
    await writeFile(path.join(project.folder, "library/index.js"), library);
    const stack = await project.stack("dev");
    expect(await stack.up()).toMatchObject({ exitCode: 0 });
    const before = sandbox.keys().map(({ id }) => id);
    for (const program of [theirs, ours.replace(`"ci"`, `"ci", adopt: true`)]) {
      await project.setProgram(program);
      const { exitCode, all } = await stack.up();
      expect(exitCode, all).toBe(0);
      expect(sandbox.keys().map(({ id }) => id)).toEqual(before);
    }
    expect(await stack.destroy()).toMatchObject({ exitCode: 0 });
    expect(sandbox.keys()).toEqual([]);
  });
});

const transformed = `
  const pulumi = require("@pulumi/pulumi");
  const { ApplicationKey } = require("pulumi-datadog-application-key");
  pulumi.runtime.registerResourceTransform(({ type, props, opts }) =>
    type.endsWith("ApplicationKey") ? { props: { ...props, adopt: { secret: process.env.GIVEN } }, opts } : undefined);
  new ApplicationKey("ci", { name: "ci" });
`;

describe("when a transform sets adopt.secret without marking it as secret", () => {
  test("the secret appears in plain text neither in the output nor in the state", async () => {
    const sandbox = await startSandbox({ keys: [{ name: "ci" }] });
    onTestFinished(() => sandbox.close());
    const GIVEN = sandbox.keys()[0]?.key ?? "";
    const project = await Project.create({ program: transformed, env: { ...credentials(sandbox), GIVEN } });
    const stack = await project.stack("dev");
    const { exitCode, all } = await stack.up({ flags: ["--diff"] });
    expect(exitCode, all).toBe(0);
    const shown = [all, (await stack.refresh({ flags: ["--diff"] })).all, await stack.export()];
    for (const text of shown) expect(leaksIn("", text, sandbox)).toEqual([]);
  });
});

interface State {
  deployment: { resources: { type: string; id?: string; delete?: boolean }[]; pending_operations?: object[] };
}

describe("when pulumi is killed in a rotation with keepPrevious, after Datadog has created the new key", () => {
  test.each([{}, { apiVersion: "v2" }])(
    "and the state marks the old resource for deletion, the next up keeps its key as the previous one (%j)",
    async (version) => {
      const { sandbox, stack, declare } = await keysStack();
      const keys = (turn: string, more = {}) => ({
        ci: { name: "ci", keepPrevious: true, keepers: { turn }, ...version, ...more },
      });
      await declare(keys("1"));
      expect(await stack.up()).toMatchObject({ exitCode: 0 });
      const before = JSON.parse(await stack.export()) as State;
      const inUse = sandbox.keys()[0]?.key;
      await declare(keys("2"));
      expect(await stack.up()).toMatchObject({ exitCode: 0 });
      const after = JSON.parse(await stack.export()) as State;

      // The state as the engine writes it at the end of the create: the write of another step comes before that of the
      // new resource.
      const isKey = ({ type }: { type: string }) => type.endsWith("ApplicationKey");
      const creating = { ...after.deployment.resources.find(isKey), id: undefined };
      for (const resource of before.deployment.resources.filter(isKey)) resource.delete = true;
      before.deployment.pending_operations = [{ resource: creating, type: "creating" }];
      await stack.import(JSON.stringify(before));

      await declare(keys("2", { adopt: true }));
      const { exitCode, all } = await stack.up();
      expect(exitCode, all).toBe(0);
      expect(sandbox.keys().map(({ key }) => key)).toContain(inUse);
      expect(sandbox.keys()).toHaveLength(2);
      const outputs = (await stack.outputs({ showSecrets: true })) as { ci: { previousHash: string; hash: string } };
      expect(outputs.ci.previousHash).toBe(inUse);
      expect(sandbox.keys().map(({ key }) => key)).toContain(outputs.ci.hash);
      expect(await stack.destroy()).toMatchObject({ exitCode: 0 });
      expect(sandbox.keys()).toEqual([]);
    },
  );
});
