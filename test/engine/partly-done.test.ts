import { expect, test } from "vitest";
import { succeed } from "./support/modes.ts";
import { keysProgram, keysStack } from "./support/sandboxed.ts";

test("keys whose create was done in part are kept, refreshed, finished by the next up, and revoked by a destroy", async () => {
  const { sandbox, stack, declare } = await keysStack();
  for (const name of ["adopted", "replaced"]) sandbox.add({ name });
  const refusal = { kind: "status", status: 400, times: Infinity } as const;
  // The first PATCH adopts, and the second sets the scopes.
  const removers = [
    sandbox.fail({ ...refusal, method: "PATCH", nth: 2 }),
    sandbox.fail({ ...refusal, method: "DELETE" }),
  ];
  await declare({
    adopted: { name: "adopted", adopt: true, apiVersion: "v2", scopes: ["dashboards_read"] },
    replaced: { name: "replaced", adopt: "replace" },
  });
  const failed = await stack.up({ flags: ["--continue-on-error"] });
  expect(failed.exitCode, failed.all).not.toBe(0);
  expect((await stack.export()).match(/"initErrors"/g)).toHaveLength(2);
  for (const removeFault of removers) removeFault();

  await succeed(stack.refresh());
  await succeed(stack.up());
  expect(
    sandbox
      .keys()
      .map(({ name, scopes }) => ({ name, scopes }))
      .sort((one, other) => one.name.localeCompare(other.name)),
  ).toEqual([
    { name: "adopted", scopes: ["dashboards_read"] },
    { name: "replaced", scopes: null },
  ]);
  await succeed(stack.destroy());
  expect(sandbox.keys()).toEqual([]);
});

test("a create that a resource hook retries is stored and creates one key", async () => {
  const { sandbox, stack, project, declare } = await keysStack();
  sandbox.add({ name: "ci" });
  await project.setProgram(`
    const pulumi = require("@pulumi/pulumi");
    const again = new pulumi.ErrorHook("again", () => true);
    ${keysProgram.replace("$options)", "{ hooks: { onError: [again] } })")}
  `);
  sandbox.fail({ kind: "status", status: 400, method: "DELETE", times: 1 });
  await declare({ ci: { name: "ci", adopt: "replace" } });
  const { all, exitCode } = await stack.up();
  expect(exitCode, all).toBe(0);
  expect(sandbox.keys()).toHaveLength(1);
  expect((await stack.outputs({ showSecrets: true }))["ci"]).toMatchObject({ hash: sandbox.keys()[0]?.key });
  expect(await stack.destroy()).toMatchObject({ exitCode: 0 });
  expect(sandbox.keys()).toEqual([]);
});
