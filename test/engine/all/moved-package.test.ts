import { expect, test } from "vitest";
import { storedProvider } from "../../../provider/stored-provider.ts";
import { keysStack, requestsSince } from "../support/sandboxed.ts";

const done = { exitCode: 0 };
const inText = (text: string) => JSON.stringify(text).slice(1, -1);

/** A stack whose state has a different text for the provider. */
async function stackWith(text: string) {
  const world = await keysStack();
  await world.declare({ a: { name: "a" }, b: { name: "b" } });
  expect(await world.stack.up()).toMatchObject(done);
  const state = await world.stack.export();
  const changed = state.replaceAll(inText(storedProvider), () => inText(text));
  expect(changed).not.toBe(state);
  await world.stack.import(changed);
  return world;
}

const file = "pulumi-datadog-application-key/dist/provider/lifecycle/index.js";
/** The text that 0.2.0 stored if the program could not find the package by its name. */
const byPath = (path: string) =>
  `exports.handler = () => { try { return require(${JSON.stringify(path)}); } catch (error) { ` +
  `if (error.code !== "MODULE_NOT_FOUND") throw error; return require("pulumi-datadog-application-key/provider"); } };`;

test("a state that names the package by its path is served from that path, and the next up stores the name without a request", async () => {
  const path = `./node_modules/${file}`;
  const { sandbox, stack } = await stackWith(`exports.handler = () => require(${JSON.stringify(path)});`);
  expect(await stack.refresh()).toMatchObject(done);
  const since = requestsSince(sandbox);
  expect(await stack.up()).toMatchObject(done);
  expect(since()).toEqual([]);
  const state = await stack.export();
  expect(state).not.toContain(path);
  expect(state.split(inText(storedProvider)).length - 1).toBe(4);
});

test("a state of 0.2.0 whose path no longer exists is served by the package with that name", async () => {
  const { sandbox, stack } = await stackWith(byPath(`./node_modules/library/node_modules/${file}`));
  expect(await stack.refresh()).toMatchObject(done);
  expect(await stack.destroy()).toMatchObject(done);
  expect(sandbox.keys()).toEqual([]);
});

test("the next up repairs a state of 0.1.0 whose path no longer exists, without a request", async () => {
  const path = `./node_modules/library/node_modules/${file}`;
  const { sandbox, stack } = await stackWith(`exports.handler = () => require(${JSON.stringify(path)});`);
  const since = requestsSince(sandbox);
  expect(await stack.up()).toMatchObject(done);
  expect(since()).toEqual([]);
  expect(await stack.export()).not.toContain(path);
});
