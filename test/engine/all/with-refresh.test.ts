import { readFile, writeFile } from "node:fs/promises";
import path from "node:path";
import { expect, test } from "vitest";
import { keysStack } from "../support/sandboxed.ts";

const done = { exitCode: 0 };

test("a project with `refresh: always` revokes its keys too", async () => {
  const { sandbox, stack, declare, project } = await keysStack();
  const file = path.join(project.folder, "Pulumi.yaml");
  await writeFile(file, `${await readFile(file, "utf8")}options:\n  refresh: always\n`);
  await declare({ a: { name: "a" } });
  expect(await stack.up()).toMatchObject(done);
  expect(await stack.destroy()).toMatchObject(done);
  expect(sandbox.keys()).toEqual([]);
});

test("a key whose name comes from a replaced resource is revoked when it leaves the program", async () => {
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
