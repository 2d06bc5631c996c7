import { writeFile } from "node:fs/promises";
import path from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { type Sandbox, type SandboxOptions, startSandbox } from "../../../sandbox/index.ts";
import { credentials } from "../support/sandboxed.ts";
import { Project } from "../support/index.ts";

/**
 * Creates and revokes its key as the bridged provider does. That provider's plugin can only be downloaded from Pulumi's
 * site.
 */
const standIn = `
  const pulumi = require("@pulumi/pulumi");
  const provider = {
    async create({ name }) {
      const { data } = await ask("POST", "", { data: { type: "application_keys", attributes: { name } } });
      return { id: data.id, outs: { name, key: data.attributes.key } };
      function ask(method, path, body) {
        return fetch(process.env.DD_HOST + "/api/v2/current_user/application_keys" + path, {
          method,
          headers: {
            "DD-API-KEY": process.env.DD_API_KEY,
            "DD-APPLICATION-KEY": process.env.DD_APP_KEY,
            "Content-Type": "application/json",
          },
          body: JSON.stringify(body),
        }).then((answer) => answer.json());
      }
    },
    async diff() {
      return { changes: false };
    },
    async delete(id) {
      await fetch(process.env.DD_HOST + "/api/v2/current_user/application_keys/" + id, {
        method: "DELETE",
        headers: { "DD-API-KEY": process.env.DD_API_KEY, "DD-APPLICATION-KEY": process.env.DD_APP_KEY },
      });
    },
  };
  exports.Bridged = class extends pulumi.dynamic.Resource {
    constructor(name, args, opts) {
      super(provider, name, { ...args, key: undefined }, { ...opts, additionalSecretOutputs: ["key"] }, "stand-in", "ApplicationKey");
    }
  };
`;

const heading = `
  const { Bridged } = require("./stand-in.js");
  const { ApplicationKey } = require("pulumi-datadog-application-key");
`;
const bridged = (options: string) => `exports.old = new Bridged("ci", { name: "ci-deployer" }, ${options}).key;`;
const ours = (adopt: string) => `exports.hash = new ApplicationKey("ci", { name: "ci-deployer", ${adopt} }).hash;`;

async function migrate(options: SandboxOptions) {
  const sandbox = await startSandbox(options);
  onTestFinished(() => sandbox.close());
  const project = await Project.create({
    program: heading + bridged("{}"),
    files: { "stand-in.js": standIn },
    env: credentials(sandbox),
  });
  const stack = await project.stack("dev");
  const run = async (...lines: string[]) => {
    await writeFile(path.join(project.folder, "index.js"), [heading, ...lines].join("\n"));
    return stack.up();
  };
  return { sandbox, stack, run };
}

const theKey = (sandbox: Sandbox) => {
  const [key, ...others] = sandbox.keys();
  expect(others).toEqual([]);
  return key;
};

test("the steps of docs/migration.md adopt a bridged key and never revoke it", async () => {
  const { sandbox, stack, run } = await migrate({});
  await run(bridged("{}"));
  const before = theKey(sandbox);

  expect((await run(bridged("{ retainOnDelete: true }"))).exitCode).toBe(0);
  expect((await run(bridged("{ retainOnDelete: true }"), ours("adopt: true"))).exitCode).toBe(0);
  expect((await run(ours("adopt: true"))).exitCode).toBe(0);
  expect((await run(ours(""))).exitCode).toBe(0);

  expect(theKey(sandbox)).toEqual(before);
  expect(await stack.outputs({ showSecrets: true })).toEqual({ hash: before?.key });
  expect((await stack.destroy()).exitCode).toBe(0);
  expect(sandbox.keys()).toEqual([]);
});

test("in One-Time Read mode the bridged resource passes on its secret, and the key stays the same", async () => {
  const { sandbox, stack, run } = await migrate({ oneTimeRead: true });
  await run(bridged("{ retainOnDelete: true }"));
  const before = theKey(sandbox);

  const refused = await run(bridged("{ retainOnDelete: true }"), ours("adopt: true"));
  expect(refused.all).toContain("Give it as `adopt: { secret }`");
  expect(theKey(sandbox)).toEqual(before);

  const handedOver = await run(bridged("{ retainOnDelete: true }"), ours("adopt: { secret: exports.old }"));
  expect(handedOver.exitCode, handedOver.all).toBe(0);
  expect((await run(ours(""))).exitCode).toBe(0);
  expect((await stack.preview({ flags: ["--expect-no-changes"] })).exitCode).toBe(0);

  expect(theKey(sandbox)).toEqual(before);
  expect(sandbox.everyKeyEverMade()).toHaveLength(1);
  expect(await stack.outputs({ showSecrets: true })).toEqual({ hash: before?.key });
  expect(await stack.export()).not.toContain('"adopt"');
  expect((await stack.destroy()).exitCode).toBe(0);
  expect(sandbox.keys()).toEqual([]);
});

test("in One-Time Read mode a key without its secret is replaced", async () => {
  const { sandbox, stack, run } = await migrate({ oneTimeRead: true });
  await run(bridged("{ retainOnDelete: true }"));
  const before = theKey(sandbox);

  expect((await run(bridged("{ retainOnDelete: true }"), ours('adopt: "replace"'))).exitCode).toBe(0);
  expect((await run(ours('adopt: "replace"'))).exitCode).toBe(0);
  expect(theKey(sandbox)).toMatchObject({ name: "ci-deployer" });
  expect(theKey(sandbox)?.id).not.toBe(before?.id);
  expect(await stack.outputs({ showSecrets: true })).toEqual({ hash: theKey(sandbox)?.key });
});
