import { createHash } from "node:crypto";
import { expect, test } from "vitest";
import type { Sandbox } from "../../../sandbox/index.ts";
import { leaksIn } from "../support/leaks.ts";
import { watchedStack } from "../support/watched-stack.ts";

const up = ["up", "--yes", "--skip-preview"];

test("a key whose create or update was done in part is stored with its secret encrypted", async () => {
  const { sandbox, stack, declare, run, leaks } = await watchedStack();
  const old = sandbox.add({ name: "taken" });
  await declare({ key: { name: "taken", adopt: "replace" } });
  const kept = sandbox.fail({ kind: "status", status: 403, method: "DELETE", times: Infinity });
  const made = await run(...up);
  expect(made.exitCode).toBe(1);
  expect(made.all).toContain("is still valid on datadoghq.com");
  const { stdout: state } = await run("stack", "export");
  expect(state).toContain('"initErrors"');
  expect(state).toMatch(/"hash": \{\s*"4dabf18193072939515e22adb298388d"/);

  await declare({ key: { name: "taken too", adopt: "replace" } });
  expect(await run(...up)).toMatchObject({ exitCode: 1 });
  kept();
  expect(await run(...up)).toMatchObject({ exitCode: 0 });
  expect(sandbox.keys()).toEqual([expect.not.objectContaining({ id: old.id })]);
  expect(await stack.outputs({ showSecrets: true })).toMatchObject({ key: { hash: sandbox.keys()[0]?.key } });
  expect(leaks()).toEqual([]);
});

test("failures leave no secret in any output or file, though Datadog's answers quote them", async () => {
  const { sandbox, declare, run, leaks } = await watchedStack();
  await declare({ one: { name: "one" }, two: { name: "two" } });
  expect(await run(...up)).toMatchObject({ exitCode: 0 });
  await declare({ one: { name: "new one" }, two: { name: "new two" } });
  // In v1 the key is part of the URL, which errors of HTTP libraries quote.
  const quoting = sandbox.everyKeyEverMade().map((key) => `PUT /api/v1/application_key/${key} with ${sandbox.appKey}`);
  const body = JSON.stringify({ errors: quoting });
  const faults: Parameters<Sandbox["fail"]>[0][] = [
    { kind: "answer", status: 400, body, times: 2 },
    // The provider sends a refused name once more.
    { kind: "answer", status: 409, body, times: 4 },
    { kind: "answer", status: 200, body: quoting.join("\n"), times: 2 },
    { kind: "redirect", status: 302, location: `http://localhost/${sandbox.appKey}`, times: 2 },
    { kind: "missing-field", field: "owner", times: 2 },
    { kind: "drop-before", times: 8 },
  ];
  for (const fault of faults) {
    const removeFault = sandbox.fail({ ...fault, method: "PUT" } as typeof fault);
    expect(await run(...up)).toMatchObject({ exitCode: 1 });
    removeFault();
  }
  expect(leaks()).toEqual([]);
});

test("debug output shows no key below the level at which the engine logs every value of every resource", async () => {
  const { sandbox, stack, declare, run, leaks } = await watchedStack();
  // The SDK also logs a key that is an input of another resource.
  const { id } = sandbox.add({ name: "read" });
  const v1Id = `v1-${createHash("sha256")
    .update(sandbox.keys()[0]?.key ?? "")
    .digest("hex")
    .slice(0, 20)}`;
  expect(id).not.toBe(v1Id);
  await declare({ key: { name: "key" }, read: { $options: { id: v1Id } } });
  expect(await run(...up, "--debug")).toMatchObject({ exitCode: 0 });
  await declare({ key: { name: "renamed" }, read: { $options: { id: v1Id } } });
  expect(await run(...up, "-v=8", "--logtostderr")).toMatchObject({ exitCode: 0 });
  expect(leaks()).toEqual([]);

  // SECURITY.md warns of this level. If it shows no key one day, the warning can be removed.
  const { all } = await stack.run(["refresh", "--yes", "--skip-preview", "-v=9", "--logtostderr", "--stack", "dev"]);
  const shown = all.split("\n").filter((line) => leaksIn("", line, sandbox).length > 0);
  expect(shown).not.toEqual([]);
  for (const line of shown) expect(line).toMatch(/"msg":"(Marshaling|Unmarshaling) property for RPC/);
});
