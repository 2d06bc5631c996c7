import { expect, test } from "vitest";
import { keysStack } from "./support/sandboxed.ts";

const program = `
  const pulumi = require("@pulumi/pulumi");
  const { ApplicationKey } = require("pulumi-datadog-application-key");
  class Team extends pulumi.ComponentResource {
    constructor(name, opts) { super("acme:index:Team", name, {}, opts); }
  }
  const outer = new Team("outer");
  const inner = new Team("in::ner", { parent: outer });
  const first = new ApplicationKey("first", {}, { parent: inner });
  const second = new ApplicationKey("second", {}, { parent: inner, dependsOn: first });
  const third = new ApplicationKey("third", { keepers: { after: second.name } }, { parent: inner });
  new ApplicationKey("by::itself");
  new ApplicationKey("of-the-stack", {}, { parent: pulumi.rootStackResource });
  new ApplicationKey("below-a-key", {}, { parent: third });
  ApplicationKey.get("read", first.id, {}, { parent: outer });
`;

test("each key stores its resource as in its URN, also below components, and the CLI does not show it", async () => {
  const { sandbox, project, stack } = await keysStack();
  await project.setProgram(program);
  const preview = await stack.preview();
  expect(preview).toMatchObject({ exitCode: 0 });
  const up = await stack.up({ flags: ["--diff"] });
  expect(up).toMatchObject({ exitCode: 0 });
  for (const { all } of [preview, up]) expect(all).not.toContain("__resource");
  expect(sandbox.keys()).toHaveLength(6);

  const state = await stack.export();
  const keys = keysOf(state);
  expect(keys).toHaveLength(7);
  expect(keys.map(({ inputs }) => inputs["__resource"])).toEqual(keys.map(({ urn }) => afterProject(urn)));

  // An earlier version stored no `__resource`. With its state, the keys stay the same.
  await stack.import(
    JSON.stringify(JSON.parse(state), (name, value: unknown) => (name === "__resource" ? undefined : value)),
  );
  const unchanged = await stack.preview();
  expect(unchanged.stdout).toMatch(/Resources:\n +\d+ unchanged$/);
  expect(unchanged.all).not.toContain("__resource");
});

interface Resource {
  readonly urn: string;
  readonly type: string;
  readonly inputs: Readonly<Record<string, unknown>>;
}

function keysOf(state: string): Resource[] {
  const { deployment } = JSON.parse(state) as { deployment: { resources: Resource[] } };
  return deployment.resources.filter(({ type }) => type.endsWith(":ApplicationKey"));
}

/** `<types>::<name>` of `urn:pulumi:<stack>::<project>::<types>::<name>` */
function afterProject(urn: string): string {
  return urn.split("::").slice(2).join("::");
}
