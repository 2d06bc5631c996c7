import { describe, expect, test } from "vitest";
import { keysProgram, keysStack } from "./support/sandboxed.ts";

const done = { exitCode: 0 };

/** A stack whose only key was made or taken over, and whose create failed all the same. */
async function partlyDone(how: "adopted" | "replaced") {
  const world = await keysStack();
  const { sandbox, stack, ask } = world;
  sandbox.add({ name: "ci" });
  const adopting =
    how === "adopted" ? { adopt: true, apiVersion: "v2", scopes: ["dashboards_read"] } : { adopt: "replace" };
  const struck = how === "adopted" ? { method: "PATCH", nth: 2 } : { method: "DELETE" };
  const calmDown = sandbox.fail({
    kind: "status",
    status: 400,
    ...struck,
    times: Infinity,
  });
  await ask({ ci: { name: "ci", ...adopting } });
  const failed = await stack.up();
  expect(failed.exitCode).not.toBe(0);
  expect(failed.all).toMatch(
    /is in the state, but its scopes were not changed|The replaced application key .* is still valid/,
  );
  calmDown();
  return world;
}

describe.each(["adopted", "replaced"] as const)("a key that was %s only in part", (how) => {
  test("is refreshed, and revoked by a destroy", async () => {
    const { sandbox, stack } = await partlyDone(how);
    const refreshed = await stack.refresh();
    expect(refreshed).toMatchObject(done);
    expect(await stack.destroy()).toMatchObject(done);
    expect(sandbox.keys()).toEqual([]);
  });

  test("is revoked where it leaves the program", async () => {
    const { sandbox, stack, ask } = await partlyDone(how);
    await ask({});
    expect(await stack.up()).toMatchObject(done);
    expect(sandbox.keys()).toEqual([]);
  });

  test("is finished by the next up", async () => {
    const { sandbox, stack } = await partlyDone(how);
    expect(await stack.up()).toMatchObject(done);
    expect(sandbox.keys()).toHaveLength(1);
    const scopes = how === "adopted" ? ["dashboards_read"] : null;
    expect(sandbox.keys()).toMatchObject([{ name: "ci", scopes }]);
  });
});

test("a create that a resource hook has tried again is recorded, and made once", async () => {
  const { sandbox, stack, project, ask } = await keysStack();
  sandbox.add({ name: "ci" });
  await project.setProgram(`
    const pulumi = require("@pulumi/pulumi");
    const again = new pulumi.ErrorHook("again", () => true);
    ${keysProgram.replace("$options)", "{ hooks: { onError: [again] } })")}
  `);
  sandbox.fail({ kind: "status", status: 400, method: "DELETE", times: 1 });
  await ask({ ci: { name: "ci", adopt: "replace" } });
  const { all, exitCode } = await stack.up();
  expect(exitCode, all).toBe(0);
  expect(sandbox.keys()).toHaveLength(1);
  expect((await stack.outputs({ showSecrets: true }))["ci"]).toMatchObject({ hash: sandbox.keys()[0]?.key });
  expect(await stack.destroy()).toMatchObject(done);
  expect(sandbox.keys()).toEqual([]);
});
