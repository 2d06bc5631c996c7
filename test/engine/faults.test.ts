import { expect, test } from "vitest";
import type { Fault } from "../../sandbox/index.ts";
import { always, diagnostics, failOneByOne, keysOf } from "./support/faulty-keys.ts";

// Failures as the CLI prints them. test/client tries all failures in every operation.

test("a refusal is reported at once and only once, with Datadog's text without its secrets, and with the next step", async (context) => {
  const { sandbox, up, rename, refresh, destroy } = await keysOf(context, 3);
  const errors = [`no ${sandbox.appKey} here`, `nor ${sandbox.apiKey}`];
  const refusal = (status: number): Fault => ({ kind: "status", status, errors });
  // All creates start before the first one fails, because a failure stops the others.
  sandbox.fail({ kind: "delay", method: "GET", ms: 1000 });
  failOneByOne(sandbox, "POST", [400, 403, 404].map(refusal));
  const refused = await up();
  expect(refused.exitCode).toBe(1);
  const nextSteps = {
    400: "Correct the arguments of the resource",
    403: "they lack the permission user_app_keys",
    404: "run `pulumi refresh`",
  };
  for (const [status, nextStep] of Object.entries(nextSteps)) {
    const told = `error: ${status} creating application key "key \\d" on datadoghq.com: no \\[secret\\] here; nor \\[secret\\]. .*`;
    const lines = diagnostics(refused).match(new RegExp(told, "g"));
    expect(lines, diagnostics(refused)).toEqual([expect.stringContaining(nextStep)]);
  }
  expect(sandbox.requests({ method: "POST" })).toHaveLength(3);
  expect(sandbox.keys()).toEqual([]);

  expect(await up()).toMatchObject({ exitCode: 0 });
  await rename();
  const edit = sandbox.fail({ ...refusal(400), method: "PATCH", ...always } as Fault);
  const read = sandbox.fail({ ...refusal(403), method: "GET", ...always } as Fault);
  const revoke = sandbox.fail({ ...refusal(403), method: "DELETE", ...always } as Fault);
  const failures = {
    "400 renaming application key": await up(),
    "403 listing the application keys": await refresh(),
    "403 revoking application key": await destroy(),
  };
  for (const [told, failed] of Object.entries(failures)) {
    expect(failed.exitCode).toBe(1);
    const shown = diagnostics(failed);
    expect(shown).toContain(told);
    // The CLI prints the error once for each key, under the key. The plugin's line points there and has no stack trace.
    const errors = shown.match(/^ {4}error: .*(renaming|reading|revoking|Cannot tell).*$/gm) ?? [];
    expect(new Set(errors).size, shown).toBe(errors.length);
    expect(shown).not.toMatch(/^\s+at |\.js:\d/m);
  }
  expect(sandbox.keys()).toHaveLength(3);
  for (const removeFault of [edit, read, revoke]) removeFault();
  expect(await destroy()).toMatchObject({ exitCode: 0 });
  expect(sandbox.keys()).toEqual([]);
});
