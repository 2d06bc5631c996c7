import { expect, test as alone, vi } from "vitest";
import type { Fault } from "../../../sandbox/index.ts";
import { always, diagnostics, failOneByOne, keysOf, names } from "../support/faulty-keys.ts";
import { leaksIn } from "../support/leaks.ts";

// Each row of the table of failures in the documentation, as the CLI shows it. test/client tries all of them in every
// operation. No output may contain a secret.

// The tests run in parallel, because they mostly wait for answers that do not come.
const test = alone.concurrent;

/** Ways to lose the answer to a create. */
const losses: Fault[] = [
  { kind: "drop-before" },
  { kind: "drop-after" },
  { kind: "status", status: 503 },
  { kind: "status-after", status: 502 },
  { kind: "cut-body" },
  { kind: "not-json" },
  { kind: "missing-field", field: "key" },
  { kind: "huge-body", bytes: 2 * 1024 * 1024 },
];

for (const oneTimeRead of [false, true])
  test(`a create whose answer is lost creates exactly one key${oneTimeRead ? " in One-Time Read mode" : ""}, however the answer was lost`, async (context) => {
    const { sandbox, stack, up } = await keysOf(context, losses.length, { oneTimeRead });
    failOneByOne(sandbox, "POST", losses);
    const { exitCode, all } = await up();
    expect(exitCode, all).toBe(0);
    expect(sandbox.faultsInjected()).toHaveLength(losses.length);
    expect(names(sandbox)).toEqual(losses.map((_, index) => `key ${index + 1}`));
    const outputs = (await stack.outputs({ showSecrets: true })) as Record<string, { hash: string }>;
    expect(
      Object.values(outputs)
        .map(({ hash }) => hash)
        .sort(),
    ).toEqual(
      sandbox
        .keys()
        .map(({ key }) => key)
        .sort(),
    );
  });

test("temporary failures are retried: lost connections, and (except for creates) 5xx and lost answers", async (context) => {
  const { sandbox, up, refresh, rename, destroy } = await keysOf(context, 2);
  sandbox.fail({ kind: "status", status: 500, method: "GET" });
  sandbox.fail({ kind: "drop-before", method: "GET", nth: 2 });
  sandbox.fail({ kind: "cut-body", method: "GET", nth: 3 });
  expect(await up()).toMatchObject({ exitCode: 0 });
  await rename();
  failOneByOne(sandbox, "PATCH", [{ kind: "status-after", status: 503 }, { kind: "drop-after" }]);
  expect(await up()).toMatchObject({ exitCode: 0 });
  expect(names(sandbox)).toEqual(["key1 new", "key2 new"]);
  // The first connection.
  sandbox.fail({ kind: "refuse" });
  expect(await refresh()).toMatchObject({ exitCode: 0 });
  failOneByOne(sandbox, "DELETE", [{ kind: "status", status: 502 }, { kind: "drop-after" }]);
  expect(await destroy()).toMatchObject({ exitCode: 0 });
  expect(sandbox.keys()).toEqual([]);
});

test("if Datadog is unreachable, the error names the site and what to check, and nothing is left behind", async (context) => {
  const { sandbox, stack, up } = await keysOf(context, 1);
  const backOnline = await sandbox.goOffline();
  const refused = await up();
  expect(refused.exitCode).toBe(1);
  expect(diagnostics(refused)).toMatch(/ECONNREFUSED listing the application keys on datadoghq.com: .* any proxy/);
  const nowhere = await up({ env: { DD_HOST: "https://nowhere.invalid" } });
  expect(nowhere.exitCode).toBe(1);
  expect(diagnostics(nowhere)).toMatch(/(ENOTFOUND|EAI_AGAIN) listing the application keys on datadoghq.com/);
  await backOnline();
  expect(await up()).toMatchObject({ exitCode: 0 });
  expect(Object.keys(await stack.outputs())).toHaveLength(1);
  expect(names(sandbox)).toEqual(["key 1"]);
});

test("a rate limit is waited out and reported with its length, even without usable headers; a limit of hours is an error", async (context) => {
  const { sandbox, up, rename } = await keysOf(context, 2);
  const limits: Fault[] = [
    { kind: "rate-limit", headers: { "x-ratelimit-name": "keys", "x-ratelimit-reset": "4" } },
    { kind: "rate-limit", headers: { "x-ratelimit-name": "keys", "x-ratelimit-reset": "soon" } },
    { kind: "rate-limit", headers: {} },
  ];
  failOneByOne(sandbox, "POST", limits);
  const waited = await up();
  expect(waited).toMatchObject({ exitCode: 0 });
  expect(diagnostics(waited).match(/Datadog's rate limit is reached: waiting 4 s \(datadoghq.com\)/g)).toHaveLength(1);
  expect(sandbox.requests({ method: "POST", status: 429 })).toHaveLength(3);
  expect(names(sandbox)).toEqual(["key 1", "key 2"]);

  await rename();
  sandbox.fail({ kind: "rate-limit", headers: { "x-ratelimit-reset": "7200" }, method: "PATCH" });
  const tooLong = await up();
  expect(tooLong.exitCode).toBe(1);
  expect(diagnostics(tooLong)).toMatch(/429 renaming application key "key \d" .* wait longer than 5 minutes/);
  expect(sandbox.requests({ method: "PATCH" })).toHaveLength(1);
});

test("an answer that is incomplete after 30 s counts as lost, and the provider looks for the result", async (context) => {
  const { sandbox, stack, up } = await keysOf(context, 1);
  sandbox.fail({ kind: "slow-drip", ms: 1000, method: "POST" });
  const { exitCode, all } = await up();
  expect(exitCode, all).toBe(0);
  expect(sandbox.requests({ method: "POST" })).toHaveLength(1);
  expect(names(sandbox)).toEqual(["key 1"]);
  expect(await stack.outputs({ showSecrets: true })).toMatchObject({ key1: { hash: sandbox.keys()[0]?.key } });
});

test("if the result of a lost create stays unknown, the error says which key may exist and how to adopt it", async (context) => {
  const { sandbox, stack, declare, keys, up } = await keysOf(context, 1);
  sandbox.fail({ kind: "drop-after", method: "POST" });
  const blind = sandbox.fail({ kind: "status", status: 500, method: "GET", nth: 3, ...always });
  const failed = await up();
  blind();
  expect(failed.exitCode).toBe(1);
  expect(diagnostics(failed)).toMatch(/application key "key 1" may have been created on datadoghq.com.*`adopt: true`/);
  expect(names(sandbox)).toEqual(["key 1"]);

  const exists = await up();
  expect(exists.exitCode).toBe(1);
  expect(diagnostics(exists)).toMatch(/application key "key 1" exists already on datadoghq.com .*`adopt: true`/);
  await declare({ key1: { ...keys["key1"], adopt: true } });
  expect(await up()).toMatchObject({ exitCode: 0 });
  expect(names(sandbox)).toEqual(["key 1"]);
  expect(await stack.outputs({ showSecrets: true })).toMatchObject({ key1: { hash: sandbox.keys()[0]?.key } });
});

test("if somebody else creates a key with the same name meanwhile, the error names both keys", async (context) => {
  const { sandbox, stack } = await keysOf(context, 1, { uniqueNames: false });
  sandbox.fail({ kind: "drop-after", method: "POST" });
  const command = stack.spawn(["up", "--yes", "--skip-preview"]);
  context.onTestFinished(() => command.cleanUp());
  await vi.waitUntil(() => sandbox.keys().length > 0, { timeout: 60_000, interval: 5 });
  sandbox.add({ name: "key 1" });
  const failed = await command.finished;
  expect(failed.exitCode).toBe(1);
  for (const { id } of sandbox.keys()) expect(diagnostics(failed)).toContain(id);
  expect(diagnostics(failed)).toContain("Revoke or rename all but one of them");
  expect(leaksIn("output", failed.all, sandbox)).toEqual([]);
  expect(sandbox.requests({ method: "POST" })).toHaveLength(1);
});

test("an unusable answer fails the read, is never shown, and removes nothing from the state", async (context) => {
  const { sandbox, stack, up, refresh } = await keysOf(context, 1);
  expect(await up()).toMatchObject({ exitCode: 0 });
  const answers: [effect: Fault, told: RegExp][] = [
    [{ kind: "not-json" }, /200 .* the answer is not JSON/],
    [{ kind: "missing-field", field: "attributes" }, /2xx .* the answer has no usable "data.attributes"/],
    [{ kind: "huge-body", bytes: 2 * 1024 * 1024 }, /the answer is larger than 1 MiB/],
    [{ kind: "redirect", status: 307, location: `http://127.0.0.1/${sandbox.appKey}` }, /307 reading application key/],
  ];
  for (const [effect, told] of answers) {
    const removeFault = sandbox.fail({ ...effect, method: "GET", ...always } as Fault);
    const failed = await refresh();
    removeFault();
    expect(failed.exitCode).toBe(1);
    expect(diagnostics(failed)).toMatch(told);
  }
  const before = sandbox.requests().length;
  expect(await up()).toMatchObject({ exitCode: 0 });
  expect(sandbox.requests()).toHaveLength(before);
  expect(await stack.outputs({ showSecrets: true })).toMatchObject({ key1: { hash: sandbox.keys()[0]?.key } });
});
