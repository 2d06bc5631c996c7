import { afterEach, expect, test } from "vitest";
import type { KeyInputs } from "../../provider/lifecycle/model/inputs";
import { type Sandbox, startSandbox } from "../../sandbox/index";
import { Stack } from "./support/stack";

let sandbox: Sandbox;
afterEach(() => sandbox.close());

const source = "https://github.com/example/dotfiles";
const program = (turn: string, more: Partial<KeyInputs> = {}): Record<string, KeyInputs> => ({
  ci: { name: "ci", apiVersion: "v2", keepers: { turn }, ...more },
  cd: { name: "cd", apiVersion: "v2" },
});
const idOf = (name: string) => sandbox.keys().find((key) => key.name === name)?.id ?? "";
async function deployed(more?: Partial<KeyInputs>) {
  sandbox = await startSandbox();
  sandbox.leak(sandbox.add({ name: "not ours" }).id);
  const stack = new Stack(sandbox);
  expect((await stack.up(program("1", more))).errors).toEqual([]);
  return stack;
}

test("a refresh warns once about a key that Datadog has found in public, with the place and the next step", async () => {
  const stack = await deployed();
  const withoutLeaks = await stack.refresh();
  expect(withoutLeaks.printed).toEqual([]);
  const before = sandbox.requests().length;
  await stack.refresh();
  const usual = sandbox.requests().length - before;
  sandbox.leak(idOf("ci"), { source });
  const { printed } = await stack.refresh();
  expect(sandbox.requests().length - before - usual).toBe(usual);
  expect(printed).toEqual([expect.stringContaining("Change `keepers` to rotate it, and run `pulumi up`")]);
  expect(printed[0]).toContain('application key "ci"');
  expect(printed[0]).toContain(source);
});

test("an up that edits a key through v2 warns too", async () => {
  const stack = await deployed();
  sandbox.leak(idOf("ci"), { source });
  const renamed = { ...program("1"), ci: { name: "ci-deployer", apiVersion: "v2" as const, keepers: { turn: "1" } } };
  expect((await stack.up(renamed)).printed).toEqual([expect.stringContaining(source)]);
});

test("the run that rotates a leaked key does not ask for a rotation", async () => {
  const stack = await deployed();
  sandbox.leak(idOf("ci"), { source });
  const { printed, errors } = await stack.up(program("2"));
  expect(errors).toEqual([]);
  expect(printed).toEqual([]);
});

test("with keepPrevious the warning says that the key stays valid after a rotation", async () => {
  const stack = await deployed({ keepPrevious: true });
  sandbox.leak(idOf("ci"), { source: null });
  expect((await stack.refresh()).printed).toEqual([expect.stringContaining("remove `keepPrevious` to rotate it")]);
  await stack.up(program("2", { keepPrevious: true }));
  expect((await stack.refresh()).printed).toEqual([expect.stringContaining("Set `keepPrevious` to false")]);
  await stack.up(program("2"));
  expect((await stack.refresh()).printed).toEqual([]);
});

test("a leak in an unknown format is reported too", async () => {
  const stack = await deployed();
  sandbox.leak(idOf("ci"));
  sandbox.fail({ kind: "missing-field", field: "leak_source", method: "GET" });
  expect((await stack.refresh()).printed).toHaveLength(1);
});
