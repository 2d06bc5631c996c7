import { expect, onTestFinished, test } from "vitest";
import { isRunning, Project } from "../support/index.ts";

/** A dynamic resource whose provider does nothing, or waits in create until it is killed. */
const program = `
  const pulumi = require("@pulumi/pulumi");
  const config = new pulumi.Config();
  const provider = {
    create: (inputs) => inputs.wait ? new Promise(() => setInterval(() => {}, 1000)) : { id: "one", outs: inputs },
    update: (id, olds, news) => ({ outs: news }),
  };
  class Thing extends pulumi.dynamic.Resource {
    constructor(name, props) {
      super(provider, name, { label: undefined, ...props });
    }
  }
  const thing = new Thing("thing", { label: config.require("label"), wait: config.getBoolean("wait") });
  exports.label = thing.label;
  exports.password = config.requireSecret("password");
  exports.surroundings = process.env.DD_API_KEY ?? "none";
`;

test("a stack can be deployed, changed and destroyed with the real engine", async () => {
  const project = await Project.create({ program });
  const stack = await project.stack("dev", { config: { "test:label": "first" }, secrets: { "test:password": "pass" } });

  expect(await stack.up()).toMatchObject({ exitCode: 0, all: expect.stringContaining("+ 2 created") as string });
  expect(await stack.outputs()).toEqual({ label: "first", password: "[secret]", surroundings: "none" });
  expect(await stack.outputs({ showSecrets: true })).toMatchObject({ password: "pass" });

  await stack.setConfig("test:label", "second");
  expect((await stack.preview()).stdout).toMatch(/~ label *: "first" => "second"/);
  expect(await stack.up()).toMatchObject({ exitCode: 0, all: expect.stringContaining("~ 1 updated") as string });
  expect(await stack.refresh()).toMatchObject({ exitCode: 0 });
  expect(await stack.export()).not.toContain('"pass"');
  expect(await stack.destroy()).toMatchObject({ exitCode: 0, all: expect.stringContaining("- 2 deleted") as string });
});

test("a program that throws fails the command, which shows its message once", async () => {
  const project = await Project.create({ program: `throw new Error("the program's own words");` });
  const stack = await project.stack("dev");
  const { exitCode, all } = await stack.up();
  expect(exitCode).not.toBe(0);
  expect(all.match(/^\s*Error: the program's own words/gm)).toHaveLength(1);
  expect(all).not.toContain("non-zero exit code");
});

test("a command shows what its program prints, in TypeScript too", async () => {
  const project = await Project.create({
    program: `const words: string = "the program's own words"; console.log(words);`,
    language: "ts",
  });
  const stack = await project.stack("dev");
  expect((await stack.up()).stdout).toContain("the program's own words");
});

test("a command can be killed while its provider works, and leaves no process running", async () => {
  const project = await Project.create({ program });
  const config = { "test:label": "first", "test:wait": "true" };
  const stack = await project.stack("dev", { config, secrets: { "test:password": "pass" } });
  const command = stack.spawn(["up", "--yes", "--skip-preview"]);
  onTestFinished(() => command.cleanUp());
  const provider = await command.providerPid();
  expect(await isRunning(provider)).toBe(true);
  const { exitCode } = await command.kill("everything");
  expect(exitCode).toBeUndefined();
  await expect.poll(() => isRunning(provider)).toBe(false);
  await stack.run(["cancel", "--yes", "--stack", "dev"]);
  await stack.setConfig("test:wait", "false");
  expect(await stack.up()).toMatchObject({ exitCode: 0 });
});
