import { readFile } from "node:fs/promises";
import { execa } from "execa";
import { expect, test } from "vitest";
import { importProject } from "../support/import-command.ts";

/** The output of `terraform show -json` for two keys, one of them in a module. */
const terraformShows = (keys: readonly { id: string; name: string; key: string }[]) => {
  const [root = [], module = []] = keys.map(({ id, name, key }) => [
    {
      address: `datadog_application_key.${name}`,
      mode: "managed",
      type: "datadog_application_key",
      name,
      values: { id, name, key, scopes: null },
    },
  ]);
  return JSON.stringify({
    format_version: "1.0",
    values: {
      outputs: {},
      root_module: {
        resources: [...root, { type: "datadog_user", name: "me", values: { id: "me", email: "me@example.com" } }],
        child_modules: [{ address: "module.ci", resources: module }],
      },
    },
  });
};

test("the steps of docs/migration.md import Terraform's keys unchanged in One-Time Read mode", async (context) => {
  const installed = await execa("jq", ["--version"], { reject: false });
  if (installed.failed) context.skip("jq, which the steps use, is not installed");
  const [, filter = ""] = /jq -r '([^']+)'/.exec(await readFile("docs/migration.md", "utf8")) ?? [];
  const { sandbox, stack, run, follow } = await importProject({ oneTimeRead: true });
  for (const name of ["ci-deployer", "ci-tests"]) sandbox.add({ name });
  const before = sandbox.keys();

  const { stdout: secrets } = await execa("jq", ["-r", filter], { input: terraformShows(before) });
  const imported = await run(["--match", "ci-*", "--yes"], { input: secrets });
  expect(imported.exitCode, imported.all).toBe(0);
  await follow(imported);
  expect(await stack.preview({ flags: ["--expect-no-changes"] })).toMatchObject({ exitCode: 0 });
  expect(sandbox.keys()).toEqual(before);
  expect(sandbox.everyKeyEverMade()).toHaveLength(2);
});
