import { expect, test } from "vitest";
import { keysProgram, keysStack } from "./support/sandboxed.ts";

const tagsEverything = `
  const pulumi = require("@pulumi/pulumi");
  pulumi.runtime.registerStackTransformation(({ props, opts }) => ({ props: { ...props, tags: { team: "sre" } }, opts }));
`;

test("a misspelt argument fails in preview with a suggestion, and an argument that a transformation adds causes one warning", async () => {
  const { sandbox, project, stack, declare } = await keysStack();
  await project.setProgram(tagsEverything + keysProgram);
  const misspelt = {
    scopes: { scope: ["dashboards_read"] },
    serviceAccountId: { serviceAccountID: "5ea50001-0000-4000-8000-000000000001" },
    keepers: { keeper: { year: "2026" } },
    name: { nmae: "ci" },
  };
  await declare(misspelt);
  const refused = await stack.preview({ flags: ["--parallel", "1"] });
  expect(refused.exitCode).not.toBe(0);
  expect(refused.all).toMatch(
    /is no argument of an ApplicationKey: did you mean (scopes|serviceAccountId|keepers|name)\?/,
  );
  expect(sandbox.requests()).toEqual([]);

  await declare({ one: { name: "one" }, two: { name: "two" } });
  const up = await stack.up();
  expect(up).toMatchObject({ exitCode: 0 });
  expect(sandbox.keys()).toHaveLength(2);
  expect(up.stdout.split("Diagnostics:")[1]?.match(/has no argument "tags", so it has no effect/g)).toHaveLength(1);
});

test("an error about an argument never shows a value that may be a secret", async () => {
  const { stack, declare } = await keysStack();
  const key = "0123456789abcdef0123456789abcdef01234567";
  for (const args of [{ adopt: { secret: `${key}\n` } }, { adop: { secret: key } }, { keepers: { [key]: 5 } }]) {
    await declare({ one: args });
    const refused = await stack.preview();
    expect(refused.exitCode).not.toBe(0);
    expect(refused.all).toMatch(/resource 'one' has a problem: (adopt?|keepers) /);
    expect(refused.all).not.toContain(key);
  }
});
