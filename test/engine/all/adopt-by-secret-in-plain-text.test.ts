import { expect, test } from "vitest";
import { program, stackWithKey } from "../support/adopt-by-secret.ts";

test("a secret that the program has in plain text appears nowhere else", async () => {
  const { project, stack, run, leaks } = await stackWithKey();
  await project.setProgram(program("adopt: { secret: config.require('ciKey') }"));
  await run("up", "--yes");
  expect(await stack.export()).toMatch(/"adopt": \{\s*"4dabf18193072939515e22adb298388d"/);
  expect(await leaks()).toEqual([]);
});
