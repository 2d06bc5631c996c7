import { expect, test } from "vitest";
import { keysStack } from "./support/sandboxed.ts";

const uuid = "0b1f7ad5-6c2e-4f5e-9d8a-3c1b2a4d5e6f";

test("the option import and a provider of another package fail in the program, with an error that says what to use", async () => {
  const { sandbox, project, stack, declare } = await keysStack();
  await declare({ ci: { name: "ci", $options: { import: uuid } } });
  const imported = await stack.preview();
  expect(imported.exitCode).not.toBe(0);
  expect(imported.all).toContain('ApplicationKey "ci": the option import does not work');
  expect(imported.all).toContain("npx pulumi-datadog-application-key import");
  expect(imported.all).not.toMatch(/code must be a string|at new /);

  await project.setProgram(`
    const { ProviderResource } = require("@pulumi/pulumi");
    const { ApplicationKey } = require("pulumi-datadog-application-key");
    const provider = new ProviderResource("datadog", "other", {});
    new ApplicationKey("ci", { name: "ci" }, { provider });
  `);
  const provided = await stack.preview();
  expect(provided.exitCode).not.toBe(0);
  expect(provided.all).toContain('ApplicationKey "ci": the option provider has one of the package "datadog"');
  expect(provided.all).toContain('Give one of the package "pulumi-nodejs"');
  expect(sandbox.requests()).toEqual([]);
});

test("get reads nothing in preview while its location is unknown, and sends nothing to another organisation", async () => {
  const { sandbox, project, stack } = await keysStack();
  const { id } = sandbox.add({ name: "there" });
  await project.setProgram(`
    const { dynamic } = require("@pulumi/pulumi");
    const { ApplicationKey } = require("pulumi-datadog-application-key");
    const provider = { create: async () => ({ id: "1", outs: { site: "datadoghq.com" } }) };
    class Place extends dynamic.Resource {
      constructor(name) { super(provider, name, { site: undefined }); }
    }
    const place = new Place("place");
    const key = ApplicationKey.get("read", "${id}", { site: place.site });
    exports.name = key.name;
  `);
  const preview = await stack.preview();
  expect(preview).toMatchObject({ exitCode: 0 });
  expect(preview.all).toContain("the key is read in `pulumi up`: where it is (site) is not known yet");
  expect(sandbox.requests()).toEqual([]);
  const up = await stack.up();
  expect(up).toMatchObject({ exitCode: 0 });
  expect(up.all).not.toContain("not known yet");
  expect(await stack.outputs()).toEqual({ name: "there" });
});
