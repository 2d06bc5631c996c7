import { cp, mkdir, readdir, rm, symlink } from "node:fs/promises";
import path from "node:path";
import { describe, expect, test } from "vitest";
import { startSandbox } from "../../sandbox/index.ts";
import { connection, keysProject, requestsSince } from "./support/sandboxed.ts";
import type { Project } from "./support/index.ts";

/** One key through the class of this package, and three through Pulumi's own, by each way to get at the provider. */
const ways = ["own", "byDefault", "byRequire", "byStar"] as const;
const program = `
  import { readFileSync } from "node:fs";
  import { createRequire } from "node:module";
  import * as pulumi from "@pulumi/pulumi";
  import { ApplicationKey } from "pulumi-datadog-application-key";
  import byDefault from "pulumi-datadog-application-key/provider";
  const require = createRequire(import.meta.url);
  const byRequire = require("pulumi-datadog-application-key/provider");
  // As TypeScript compiles it: import * as byStar from "pulumi-datadog-application-key/provider";
  const byStar = require("./star.cjs").provider;

  const { name } = JSON.parse(readFileSync("keys.json", "utf8"));
  export const hashes = { own: new ApplicationKey("own", { name, connection: "own" }).hash };
  const outputs = { hash: undefined, owner: undefined, apiVersion: undefined };
  for (const [way, provider] of Object.entries({ byDefault, byRequire, byStar })) {
    const args = { ...outputs, name, connection: way };
    const options = { additionalSecretOutputs: ["hash"] };
    hashes[way] = new pulumi.dynamic.Resource(provider, way, args, options, "datadog", "ApplicationKey").hash;
  }
`;
const star = `
  const { __importStar } = require("tslib");
  exports.provider = __importStar(require("pulumi-datadog-application-key/provider"));
`;

const v1 = "/api/v1/application_key";
const layouts = { linked: () => Promise.resolve(), installed: install };

describe.each(Object.entries(layouts))("where the package is %s", (layout, prepare) => {
  test("the lifecycle works through ApplicationKey and through pulumi.dynamic.Resource, with the same requests", async () => {
    const sandboxes = await Promise.all(ways.map(() => startSandbox()));
    try {
      const since = sandboxes.map((sandbox) => requestsSince(sandbox));
      const requestsOfEach = (...requests: string[]) => {
        expect(since.map((of) => of())).toEqual(ways.map(() => requests));
      };
      const settings = sandboxes.map((sandbox, index) => connection(ways[index] ?? "none", sandbox));
      const { project, ask } = await keysProject({ program, language: "mjs", files: { "star.cjs": star } });
      await prepare(project);
      const stack = await project.stack("dev", {
        config: Object.assign({}, ...settings.map(({ config }) => config)) as Record<string, string>,
        secrets: Object.assign({}, ...settings.map(({ secrets }) => secrets)) as Record<string, string>,
      });

      await ask({ name: "ci" });
      expect(await stack.up()).toMatchObject({ exitCode: 0 });
      requestsOfEach(`GET ${v1} 200`, `POST ${v1} 200`);
      const keys = () => sandboxes.map((sandbox) => sandbox.keys());
      const made = keys();
      const hashes = Object.fromEntries(ways.map((way, index) => [way, made[index]?.[0]?.key]));
      expect(await stack.outputs({ showSecrets: true })).toEqual({ hashes });
      const providers = storedProviders(await stack.export());
      expect(Object.keys(providers).sort()).toEqual([...ways].sort());
      for (const text of Object.values(providers)) {
        expect(text).toContain('require("pulumi-datadog-application-key/provider")');
        for (const folder of [project.folder, process.cwd()]) expect(text).not.toContain(folder.slice(1));
      }

      // What is stored is the same in every layout: one whole life is enough.
      if (layout === "linked") {
        await ask({ name: "renamed" });
        expect(await stack.up()).toMatchObject({ exitCode: 0 });
        requestsOfEach(`PUT ${v1}/{hash} 200`);
        expect(keys()).toEqual(made.map(([key]) => [{ ...key, name: "renamed" }]));

        expect((await stack.refresh()).stdout).toContain("5 unchanged");
        requestsOfEach(`GET ${v1} 200`);
      }

      expect(await stack.destroy()).toMatchObject({ exitCode: 0 });
      requestsOfEach(`DELETE ${v1}/{hash} 200`);
      expect(keys()).toEqual(ways.map(() => []));
    } finally {
      await Promise.all(sandboxes.map((sandbox) => sandbox.close()));
    }
  });
});

/** Puts a copy of the package where npm would, in place of the link to the checkout. */
async function install(project: Project): Promise<void> {
  const modules = path.join(project.folder, "node_modules");
  const own = path.join(modules, "pulumi-datadog-application-key");
  await rm(modules);
  await mkdir(own, { recursive: true });
  const checkout = path.resolve("node_modules");
  for (const name of await readdir(checkout))
    if (name !== path.basename(own)) await symlink(path.join(checkout, name), path.join(modules, name), "junction");
  for (const file of ["package.json", "dist"]) await cp(file, path.join(own, file), { recursive: true });
}

/** The text of each resource's provider, by the resource's name. */
function storedProviders(state: string): Record<string, string> {
  const { resources } = (
    JSON.parse(state) as { deployment: { resources: { urn: string; inputs?: Record<string, string> }[] } }
  ).deployment;
  return Object.fromEntries(
    resources.flatMap(({ urn, inputs }) =>
      inputs?.["__provider"] ? [[urn.slice(urn.lastIndexOf(":") + 1), inputs["__provider"]]] : [],
    ),
  );
}
