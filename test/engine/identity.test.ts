import { describe, expect, onTestFinished, test } from "vitest";
import { type Sandbox, startSandbox } from "../../sandbox/index.ts";
import { Project } from "./support/index.ts";
import { leaksIn } from "./support/leaks.ts";
import { credentials, keysStack } from "./support/sandboxed.ts";

const urn = (name: string) => `urn:pulumi:dev::test::pulumi-nodejs:dynamic/datadog:ApplicationKey::${name}`;
const secrets = (sandbox: Sandbox) => sandbox.keys().map(({ key }) => key);
const names = (sandbox: Sandbox) => sandbox.keys().map(({ name }) => name);

describe("with credentials of another organisation, where the same person is a user", () => {
  test("no command changes, forgets or creates a key, and each error names both organisations", async () => {
    const { sandbox: here, stack, declare } = await keysStack();
    const there = await startSandbox();
    onTestFinished(() => there.close());
    const keys = { ci: { name: "ci" }, cd: { name: "cd", apiVersion: "v2" } };
    await declare(keys);
    expect(await stack.up()).toMatchObject({ exitCode: 0 });
    const [before, state] = [here.keys(), await resourcesOf(stack)];

    const env = credentials(there);
    const rotated = { ...keys, ci: { name: "ci", keepers: { turn: "2" } } };
    const commands: [string, () => ReturnType<typeof stack.up>][] = [
      ["destroy", () => stack.destroy({ env })],
      ["refresh", () => stack.refresh({ env })],
      ["rotation", () => declare(rotated).then(() => stack.up({ env }))],
      ["up --refresh", () => declare(keys).then(() => stack.up({ env, flags: ["--refresh"] }))],
    ];
    for (const [command, run] of commands) {
      const { exitCode, all } = await run();
      expect(exitCode, `${command}: ${all}`).not.toBe(0);
      expect(all).toContain(here.orgId);
      expect(all).toContain(there.orgId);
      expect(here.keys(), command).toEqual(before);
      expect(there.keys(), command).toEqual([]);
      expect(await resourcesOf(stack), command).toEqual(state);
    }
    expect(there.requests().filter(({ method }) => method !== "GET")).toEqual([]);
    expect(await stack.destroy()).toMatchObject({ exitCode: 0 });
    expect(here.keys()).toEqual([]);
  });
});

describe("a replacement that adopts the same key again", () => {
  test("fails after state taint and with --replace, says that nothing was rotated, and the next up succeeds", async () => {
    const { sandbox, stack, declare } = await keysStack();
    await declare({ ci: { name: "ci", adopt: true } });
    expect(await stack.up()).toMatchObject({ exitCode: 0 });
    const before = secrets(sandbox);
    await stack.succeed(["state", "taint", "--yes", "--stack", "dev", urn("ci")]);
    for (const flags of [[], ["--replace", urn("ci")]]) {
      const { exitCode, all } = await stack.up({ flags });
      expect(exitCode, all).not.toBe(0);
      expect(all).toMatch(/not(hing was)? rotated/);
      expect(all).toContain("keepers");
      expect(all).not.toContain("another resource of this program");
      expect(secrets(sandbox)).toEqual(before);
      const next = await stack.up();
      expect(next.exitCode, next.all).toBe(0);
      expect(secrets(sandbox)).toEqual(before);
      expect(await resourcesOf(stack)).toHaveLength(1);
    }
  });
});

const transformed = (turn: string) => `
  const pulumi = require("@pulumi/pulumi");
  const { ApplicationKey } = require("pulumi-datadog-application-key");
  pulumi.runtime.registerStackTransformation(({ type, props, opts }) =>
    type.endsWith("ApplicationKey") ? { props: { ...props, keepPrevious: true }, opts: { ...opts, additionalSecretOutputs: [] } } : undefined);
  const db = pulumi.secret("correct horse battery staple");
  exports.id = new ApplicationKey("ci", { name: "ci", keepers: { turn: "${turn}", db } }).previousId;
`;

describe("when a stack transformation sets keepPrevious and removes the list of secret outputs", () => {
  test("no key and no secret keeper is in plain text in the output or the state", async () => {
    const sandbox = await startSandbox();
    onTestFinished(() => sandbox.close());
    const project = await Project.create({ program: transformed("1"), env: credentials(sandbox) });
    const stack = await project.stack("dev");
    const first = await stack.up({ flags: ["--diff"] });
    expect(first.exitCode, first.all).toBe(0);
    await project.setProgram(transformed("2"));
    const shown = [
      first.all,
      (await stack.up({ flags: ["--diff"] })).all,
      (await stack.refresh({ flags: ["--diff"] })).all,
      await stack.export(),
      (await stack.preview()).all,
    ];
    expect(sandbox.keys()).toHaveLength(2);
    for (const text of shown) {
      expect(leaksIn("", text, sandbox)).toEqual([]);
      expect(text).not.toContain("correct horse");
    }
  });
});

describe("when the stack manages the key that it uses as credential", () => {
  test("a rotation continues with the new key, and a destroy with that key revokes only the others", async () => {
    const { sandbox, stack, declare } = await keysStack();
    const keys = (turn: string) => ({ ci: { name: "ci", keepers: { turn } }, b: { name: "b" }, c: { name: "c" } });
    await declare(keys("1"));
    expect(await stack.up()).toMatchObject({ exitCode: 0 });
    const [own = ""] = sandbox.keys().flatMap(({ name, key }) => (name === "ci" ? [key] : []));
    const env = credentials(sandbox, { appKey: own });

    await declare(keys("2"));
    const preview = await stack.preview({ env });
    expect(preview.exitCode, preview.all).toBe(0);
    expect(preview.all).toContain("DD_APP_KEY");
    const rotated = await stack.up({ env });
    expect(rotated.exitCode, rotated.all).not.toBe(0);
    expect(rotated.all).toContain("DD_APP_KEY");
    expect(secrets(sandbox)).toContain(own);
    expect(sandbox.keys()).toHaveLength(4);
    const outputs = (await stack.outputs({ showSecrets: true })) as { ci: { hash: string } };
    const next = await stack.up({ env: credentials(sandbox, { appKey: outputs.ci.hash }) });
    expect(next.exitCode, next.all).toBe(0);
    expect(names(sandbox).sort()).toEqual(["b", "c", "ci"]);

    const destroyed = await stack.destroy({
      env: credentials(sandbox, { appKey: outputs.ci.hash }),
      flags: ["--continue-on-error"],
    });
    expect(destroyed.exitCode, destroyed.all).not.toBe(0);
    expect(secrets(sandbox)).toEqual([outputs.ci.hash]);
    expect(await resourcesOf(stack)).toHaveLength(1);
    expect(await stack.destroy()).toMatchObject({ exitCode: 0 });
    expect(sandbox.keys()).toEqual([]);
  });
});

/** The keys in the state, by name and id. */
async function resourcesOf(stack: { export(): Promise<string> }): Promise<string[]> {
  const { deployment } = JSON.parse(await stack.export()) as {
    deployment: { resources?: { type: string; urn: string; id: string }[] };
  };
  return (deployment.resources ?? [])
    .filter(({ type }) => type.endsWith("ApplicationKey"))
    .map((resource) => `${resource.urn} ${resource.id}`)
    .sort();
}
