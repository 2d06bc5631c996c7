import { expect, test } from "vitest";
import { storedText } from "../../provider/stored-provider.ts";
import { keysStack, requestsSince } from "./support/sandboxed.ts";

const done = { exitCode: 0 };
/** Where a component library had its own copy, before the next installation hoisted it. */
const formerPath =
  "./node_modules/library/node_modules/pulumi-datadog-application-key/dist/provider/lifecycle/index.js";

/** A stack whose state names the package by a path that is no more. */
async function movedStack(text: string) {
  const world = await keysStack();
  await world.ask({ a: { name: "a" }, b: { name: "b" } });
  expect(await world.stack.up()).toMatchObject(done);
  const named = JSON.stringify(storedText("pulumi-datadog-application-key/provider")).slice(1, -1);
  const state = await world.stack.export();
  const moved = state.replaceAll(named, () => JSON.stringify(text).slice(1, -1));
  expect(moved).not.toBe(state);
  await world.stack.import(moved);
  return world;
}

test("a copy that a component library had is found by its name once it is hoisted", async () => {
  const { sandbox, stack } = await movedStack(storedText(formerPath));
  expect(await stack.refresh()).toMatchObject(done);
  expect(await stack.destroy()).toMatchObject(done);
  expect(sandbox.keys()).toEqual([]);
});

test("a state of 0.1.0 that names a path which is no more is mended by the next up, without a request", async () => {
  const { sandbox, stack } = await movedStack(`exports.handler = () => require(${JSON.stringify(formerPath)});`);
  const since = requestsSince(sandbox);
  expect(await stack.up()).toMatchObject(done);
  expect(since()).toEqual([]);
  expect(await stack.export()).not.toContain("library/node_modules");
  expect(await stack.refresh()).toMatchObject(done);
  expect(await stack.destroy()).toMatchObject(done);
  expect(sandbox.keys()).toEqual([]);
});
