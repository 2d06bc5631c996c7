import { expect, test } from "vitest";
import { importFileText, type ImportedKey } from "../../../provider/import/import-file.ts";
import { planTable } from "../../../provider/import/plan-table.ts";
import { programLines } from "../../../provider/import/program-lines.ts";
import { found } from "../support/found.ts";

const inputs = { name: 'a "b"\n\u009b', site: "datadoghq.com", __provider: "text" } as const;
const key: ImportedKey = {
  resource: "a-b",
  id: "id",
  inputs: { ...inputs, scopes: ["a", "b"], serviceAccountId: "uuid", connection: "eu" },
  outputs: { ...inputs, hash: 'se"cret', apiVersion: "v2" },
};

test("the printed program declares the imported keys, and contains no control characters", () => {
  expect(programLines([key, { ...key, inputs: { ...inputs, name: "c", actionsApi: true } }]))
    .toBe(`import { ApplicationKey } from "pulumi-datadog-application-key";

new ApplicationKey("a-b", { name: "a \\"b\\"\\n\\u009b", scopes: ["a", "b"], serviceAccountId: "uuid", connection: "eu" });
new ApplicationKey("a-b", { name: "c", actionsApi: true });
`);
});

test("the import file has inputs and outputs, provider and resource in both, and the secret marked as one", () => {
  const __resource = "pulumi-nodejs:dynamic/datadog:ApplicationKey::a-b";
  const { resources } = JSON.parse(importFileText([key])) as { resources: unknown[] };
  expect(resources).toEqual([
    {
      type: "pulumi-nodejs:dynamic/datadog:ApplicationKey",
      name: "a-b",
      id: "id",
      inputs: { ...key.inputs, __resource },
      outputs: {
        ...key.outputs,
        __provider: "text",
        __resource,
        hash: { "4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270", plaintext: '"se\\"cret"' },
      },
    },
  ]);
});

test("the table shows the action for each key", () => {
  const shown = { ...found("shown", { key: "secret" }), resource: "one" };
  const hidden = { ...found("hidden"), resource: "another" };
  const plan = { keys: [shown, hidden], leftOut: [{ key: found("held"), why: "it is there" }] };
  expect(planTable(plan, true)).toBe(`KEY       ID         RESOURCE  PLAN
"shown"   shown-id   one       import
"hidden"  hidden-id  another   import, with a secret that you give
"held"    held-id    -         leave out: it is there
`);
  expect(planTable(plan, false)).not.toContain("that you give");
});
