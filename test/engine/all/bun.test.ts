import { access } from "node:fs/promises";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Sandbox, startSandbox } from "../../../sandbox/index.ts";
import { fileNames } from "../../../tools/engine/engine.mts";
import { findEngine } from "../../../tools/engine/get-engine.mts";
import { installPackagesOf } from "../../../tools/own-packages.mts";
import { credentials, keysProject } from "../support/sandboxed.ts";

const bunFolder = "test/package/bun";
const engine = await findEngine();
const runsBun = await access(path.join(engine?.folder ?? "", fileNames.bunLanguageHost)).then(
  () => true,
  () => false,
);

/** TypeScript that only Bun can run directly. The SDK's compiler is never used. */
const program = (body: string) => `
  import { readFileSync } from "node:fs";
  import * as pulumi from "@pulumi/pulumi";
  import { ApplicationKey, type ApplicationKeyArgs } from "pulumi-datadog-application-key";
  if (process.versions.bun === undefined) throw new Error("this is not Bun");
  const args: ApplicationKeyArgs = JSON.parse(readFileSync("keys.json", "utf8"));
  ${body}
`;

const withKey = program(`export const hash: pulumi.Output<string> = new ApplicationKey("ci", args).hash;`);
const withPlainResource = program(`
  const provider: pulumi.dynamic.ResourceProvider = { create: () => Promise.resolve({ id: "plain", outs: {} }) };
  new pulumi.dynamic.Resource(provider, "plain", { name: args.name });
`);

function onBun(): void {
  let sandbox: Sandbox;
  beforeAll(async () => {
    await installPackagesOf(bunFolder);
    sandbox = await startSandbox();
  });
  afterAll(() => sandbox.close());

  async function stackOf(text: string) {
    const files = { "Pulumi.yaml": "name: test\nruntime: bun\n" };
    const bin = path.resolve(bunFolder, "node_modules/.bin");
    const env = { ...credentials(sandbox), PATH: [bin, engine?.folder, process.env["PATH"]].join(path.delimiter) };
    const { project, declare } = await keysProject({ program: text, language: "ts", files, env });
    return { stack: await project.stack("dev"), declare };
  }

  test("TypeScript without a compiler creates a key, renames it in place and revokes it", async () => {
    const { stack, declare } = await stackOf(withKey);
    await declare({ name: "ci" });
    const up = await stack.up();
    expect(up.exitCode, up.all).toBe(0);
    const [made, ...others] = sandbox.keys();
    expect(others).toEqual([]);
    expect(await stack.outputs({ showSecrets: true })).toEqual({ hash: made?.key });

    await declare({ name: "renamed" });
    const preview = await stack.preview();
    expect(preview.exitCode, preview.all).toBe(0);
    expect(preview.all).toMatch(/~ name: "ci" => "renamed"/);
    expect(await stack.up()).toMatchObject({ exitCode: 0 });
    expect(sandbox.keys()).toEqual([{ ...made, name: "renamed" }]);

    expect(await stack.destroy()).toMatchObject({ exitCode: 0 });
    expect(sandbox.keys()).toEqual([]);
  });

  test("an ordinary dynamic resource fails on Bun, as the README says", async () => {
    const { stack, declare } = await stackOf(withPlainResource);
    await declare({ name: "ci" });
    const up = await stack.up();
    expect(up.exitCode, up.all).not.toBe(0);
    expect(up.all).toContain("Function serialization is not supported when using bun as a runtime");
  });
}

if (runsBun) describe("on Bun", onBun);
else
  test.skip(
    `The test with Bun is skipped, because Pulumi ${engine?.version ?? ""} has no ${fileNames.bunLanguageHost} beside it`,
  );
