import { describe, expect, test } from "vitest";
import { keysStack } from "../support/sandboxed.ts";

const done = { exitCode: 0 };

/** A stack whose only key was created or adopted although its create failed. */
async function partlyDone(how: "adopted" | "replaced") {
  const world = await keysStack();
  const { sandbox, stack, declare } = world;
  sandbox.add({ name: "ci" });
  const adopting =
    how === "adopted" ? { adopt: true, apiVersion: "v2", scopes: ["dashboards_read"] } : { adopt: "replace" };
  const struck = how === "adopted" ? { method: "PATCH", nth: 2 } : { method: "DELETE" };
  const removeFault = sandbox.fail({
    kind: "status",
    status: 400,
    ...struck,
    times: Infinity,
  });
  await declare({ ci: { name: "ci", ...adopting } });
  const failed = await stack.up();
  expect(failed.exitCode).not.toBe(0);
  expect(failed.all).toMatch(
    /is in the state, but its scopes were not changed|The replaced application key .* is still valid/,
  );
  removeFault();
  return world;
}

describe.each(["adopted", "replaced"] as const)("a key whose create was done in part (%s)", (how) => {
  test("is revoked when it leaves the program", async () => {
    const { sandbox, stack, declare } = await partlyDone(how);
    await declare({});
    expect(await stack.up()).toMatchObject(done);
    expect(sandbox.keys()).toEqual([]);
  });
});
