import { expect, test } from "vitest";
import { importProject } from "../support/import-command.ts";
import { leaksIn } from "../support/leaks.ts";

test("a key without its secret is left out, a wrong secret is refused, and the output names the alternative", async () => {
  const { sandbox, stack, run } = await importProject({ oneTimeRead: true });
  const [right, wrong] = [sandbox.add({ name: "right" }), sandbox.add({ name: "wrong" })];
  sandbox.add({ name: "missing" });
  const mistyped = `${wrong.key.slice(0, -1)}-`;
  const input = `${right.id}=${right.key}\r\nwrong=${mistyped}\nnobody's=${right.key}\n`;
  const result = await run(["--all", "--yes"], { input });
  expect(result.exitCode).toBe(1);
  expect(result.stderr).toMatch(/Left out: application key "wrong" .*: this is not the key's secret/);
  expect(result.stderr).toMatch(
    /Left out: application key "missing" .*: Datadog does not show its secret, and you gave none/,
  );
  expect(result.stderr).toContain("Ignored lines, because they name no key whose secret is needed: 3");
  expect(result.stderr).toContain('`adopt: "replace"`');
  expect(result.stderr).toContain("`adopt: { secret }`");
  expect(result.all).not.toContain(mistyped);
  expect(leaksIn("the output", result.all, sandbox)).toEqual([]);
  const state = await stack.export();
  expect(state).toContain('"name": "right"');
  expect(state).not.toContain('"name": "wrong"');
});

test("a secret can also come from the variable, which Pulumi does not see, and the command leaves standard input alone", async () => {
  const { sandbox, stack, run, follow } = await importProject({ oneTimeRead: true });
  const { key } = sandbox.add({ name: "ci" });
  const result = await run(["ci", "--yes"], {
    env: { DATADOG_APPLICATION_KEY_SECRET: key },
    input: "ci=something else",
  });
  expect(result.exitCode, result.all).toBe(0);
  await follow(result, (lines) => lines.replace("new", "export const { hash } = new"));
  expect(await stack.up()).toMatchObject({ exitCode: 0 });
  expect(await stack.outputs({ showSecrets: true })).toEqual({ hash: key });
});
