import { expect, test } from "vitest";
import { keysProgram, keysStack } from "./support/sandboxed.ts";

const tagsEverything = `
  const pulumi = require("@pulumi/pulumi");
  pulumi.runtime.registerStackTransformation(({ props, opts }) => ({ props: { ...props, tags: { team: "sre" } }, opts }));
`;

test("misspelt arguments fail in preview with a suggestion, and arguments that transformations add cause one warning", async () => {
  const { sandbox, project, stack, ask } = await keysStack();
  await project.setProgram(tagsEverything + keysProgram);
  const misspelt = {
    scopes: { scope: ["dashboards_read"] },
    serviceAccountId: { serviceAccountID: "5ea50001-0000-4000-8000-000000000001" },
    keepers: { keeper: { year: "2026" } },
    name: { nmae: "ci" },
  };
  await ask(misspelt);
  const refused = await stack.preview({ flags: ["--parallel", "1"] });
  expect(refused.exitCode).not.toBe(0);
  expect(refused.all).toMatch(
    /is no argument of an ApplicationKey: did you mean (scopes|serviceAccountId|keepers|name)\?/,
  );
  expect(sandbox.requests()).toEqual([]);

  await ask({ one: { name: "one" }, two: { name: "two" } });
  const up = await stack.up();
  expect(up).toMatchObject({ exitCode: 0 });
  expect(sandbox.keys()).toHaveLength(2);
  expect(up.stdout.split("Diagnostics:")[1]?.match(/has no argument "tags", so it has no effect/g)).toHaveLength(1);
});

test("no error of an argument shows its value where that may be a secret", async () => {
  const { stack, ask } = await keysStack();
  const key = "0123456789abcdef0123456789abcdef01234567";
  for (const args of [{ adopt: { secret: `${key}\n` } }, { adop: { secret: key } }, { keepers: { [key]: 5 } }]) {
    await ask({ one: args });
    const refused = await stack.preview();
    expect(refused.exitCode).not.toBe(0);
    expect(refused.all).toMatch(/resource 'one' has a problem: (adopt?|keepers) /);
    expect(refused.all).not.toContain(key);
  }
});
