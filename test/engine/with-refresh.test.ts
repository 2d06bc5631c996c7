import { readFile, writeFile } from "node:fs/promises";
import path from "node:path";
import { describe, expect, test } from "vitest";
import type { SandboxOptions } from "../../sandbox/index.ts";
import { keysStack } from "./support/sandboxed.ts";

const modes: [mode: string, options: SandboxOptions, args: Record<string, unknown>][] = [
  ["v1", {}, {}],
  ["v2", {}, { apiVersion: "v2" }],
  ["One-Time Read", { oneTimeRead: true }, {}],
];
const refresh = { flags: ["--refresh"] };
const done = { exitCode: 0 };

describe.each(modes)("with %s", (_mode, options, args) => {
  const named = (name: string, more: Record<string, unknown> = {}) => ({ name, ...args, ...more });

  test("destroy --refresh revokes every key", async () => {
    const { sandbox, stack, ask } = await keysStack(options);
    await ask({ a: named("a"), b: named("b") });
    expect(await stack.up()).toMatchObject(done);
    const destroyed = await stack.destroy(refresh);
    expect(destroyed).toMatchObject(done);
    expect(destroyed.all).not.toContain("is not revoked");
    expect(sandbox.keys()).toEqual([]);
  });

  test("up --refresh revokes the key of a resource that left the program, and no other", async () => {
    const { sandbox, stack, ask } = await keysStack(options);
    await ask({ a: named("a"), b: named("b") });
    expect(await stack.up()).toMatchObject(done);
    await ask({ b: named("b") });
    expect(await stack.up(refresh)).toMatchObject(done);
    expect(sandbox.keys()).toMatchObject([{ name: "b" }]);
  });

  test("up --refresh keeps a key that another resource takes over in the same run", async () => {
    const { sandbox, stack, ask } = await keysStack({ ...options, oneTimeRead: false });
    await ask({ a: named("ci") });
    expect(await stack.up()).toMatchObject(done);
    const made = sandbox.keys();
    await ask({ b: named("ci", { adopt: true }) });
    const taken = await stack.up(refresh);
    expect(taken).toMatchObject(done);
    expect(taken.all).toContain("is not revoked, because ApplicationKey ");
    expect(sandbox.keys()).toEqual(made);
    expect(await stack.destroy(refresh)).toMatchObject(done);
    expect(sandbox.keys()).toEqual([]);
  });

  test("up --refresh replaces a key as the program or the user orders it", async () => {
    const { sandbox, stack, ask } = await keysStack(options);
    const triggered = (turn: string, more = {}) =>
      named("triggered", { $options: { replacementTrigger: turn, ...more } });
    await ask({ triggered: triggered("1"), ordered: named("ordered", { adopt: "replace" }) });
    expect(await stack.up()).toMatchObject(done);
    const first = sandbox.keys().map(({ id }) => id);

    await ask({ triggered: triggered("2"), ordered: named("ordered", { adopt: "replace" }) });
    const urn = /urn:[^"]*::ordered/.exec(await stack.export())?.[0] ?? "";
    const replaced = await stack.up({ flags: ["--refresh", "--replace", urn] });
    expect(replaced).toMatchObject(done);
    expect(
      sandbox
        .keys()
        .map(({ name }) => name)
        .sort(),
    ).toEqual(["ordered", "triggered"]);
    expect(sandbox.keys().filter(({ id }) => first.includes(id))).toEqual([]);

    const second = sandbox.keys().map(({ id }) => id);
    await ask({
      triggered: triggered("3", { deleteBeforeReplace: true }),
      ordered: named("ordered", { adopt: "replace" }),
    });
    expect(await stack.up(refresh)).toMatchObject(done);
    expect(
      sandbox
        .keys()
        .map(({ name }) => name)
        .sort(),
    ).toEqual(["ordered", "triggered"]);
    expect(sandbox.keys().filter(({ id }) => second.includes(id))).toMatchObject([{ name: "ordered" }]);
  });
});

test("a project that always refreshes revokes its keys too", async () => {
  const { sandbox, stack, ask, project } = await keysStack();
  const file = path.join(project.folder, "Pulumi.yaml");
  await writeFile(file, `${await readFile(file, "utf8")}options:\n  refresh: always\n`);
  await ask({ a: { name: "a" } });
  expect(await stack.up()).toMatchObject(done);
  expect(await stack.destroy()).toMatchObject(done);
  expect(sandbox.keys()).toEqual([]);
});

test("a key whose name comes from a resource that is replaced first is revoked where it leaves the program", async () => {
  const { sandbox, stack, project } = await keysStack();
  const program = (turn: string, withKey: boolean) => `
    const { ApplicationKey } = require("pulumi-datadog-application-key");
    const source = new ApplicationKey("source", { name: "source", keepers: { turn: "${turn}" } }, { deleteBeforeReplace: true });
    ${withKey ? 'new ApplicationKey("dependent", { name: source.id.apply((id) => "dependent of " + id) });' : ""}
  `;
  await project.setProgram(program("1", true));
  expect(await stack.up()).toMatchObject(done);
  expect(sandbox.keys()).toHaveLength(2);
  await project.setProgram(program("2", false));
  expect(await stack.up()).toMatchObject(done);
  expect(sandbox.keys()).toMatchObject([{ name: "source" }]);
});
