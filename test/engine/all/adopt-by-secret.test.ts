import { expect, test } from "vitest";
import { bySecret, program, stackWithKey } from "../support/adopt-by-secret.ts";
import { leaksIn } from "../support/leaks.ts";
import { keysStack } from "../support/sandboxed.ts";

const up = ["up", "--yes", "--skip-preview"];
const previewOfNothing = ["preview", "--expect-no-changes"];

test("a key is adopted by its secret in One-Time Read mode, and its secret appears nowhere in plain text", async () => {
  const { sandbox, project, stack, key, run, leaks } = await stackWithKey();
  const before = sandbox.keys();
  await project.setProgram(program(bySecret));
  await run("up", "--yes", "--debug");
  expect(sandbox.requests({ method: "POST" })).toEqual([]);
  expect(sandbox.keys()).toEqual(before);
  expect(await stack.outputs({ showSecrets: true })).toEqual({ hash: key.key });
  expect(await leaks()).toEqual([]);

  // Once the key is in the state, `adopt.secret` has no effect. Once the program no longer has it, no trace of it is
  // left.
  expect(await run(...previewOfNothing)).toContain("2 unchanged");
  await project.setProgram(program(""));
  await run(...up, "--expect-no-changes");
  expect(await stack.export()).not.toContain('"adopt"');

  await project.setProgram(program(`keepers: { turn: "2" }, ${bySecret}`));
  await run(...up);
  expect(sandbox.keys()).toMatchObject([{ name: "ci-deployer" }]);
  expect(sandbox.keys()[0]?.id).not.toBe(key.id);
  expect(await leaks()).toEqual([]);
});

test("a wrong secret fails in up without showing it or the key, and a malformed secret fails in preview", async () => {
  const { sandbox, project, stack } = await keysStack({ oneTimeRead: true });
  const key = sandbox.add({ name: "ci-deployer" });
  const before = sandbox.keys();
  const wrong = `${key.key.slice(0, 36)}____`;
  await stack.setConfig("ciKey", wrong, { secret: true });
  await project.setProgram(program(bySecret));
  const up = await stack.up();
  expect(up.exitCode).toBe(1);
  expect(up.all).toContain(
    'None of your keys named "ci-deployer" on datadoghq.com ends with the last four characters of `adopt.secret`',
  );
  expect(up.all).not.toContain(wrong);
  expect(leaksIn("what was shown", up.all, sandbox)).toEqual([]);
  expect(sandbox.keys()).toEqual(before);

  await stack.setConfig("ciKey", "short", { secret: true });
  const preview = await stack.preview();
  expect(preview.exitCode).toBe(1);
  expect(preview.all).toContain("has a secret that is no application key");
  expect(preview.all).not.toContain("short");
});
