import { readFile } from "node:fs/promises";
import path from "node:path";
import { pathToFileURL } from "node:url";
import { describe, expect, test } from "vitest";
import type { Sandbox } from "../../../sandbox/index.ts";
import { type Keys, keysStack, requestsSince } from "../support/sandboxed.ts";

const v1 = "/api/v1/application_key";
const own = "/api/v2/current_user/application_keys";

/** This many keys, with a common prefix in their names. */
function keys(count: number, name: string, args: Record<string, unknown> = {}): Keys {
  return Object.fromEntries(
    Array.from({ length: count }, (_, index) => [`key${index}`, { ...args, name: `${name}-${index}` }]),
  );
}

/** The number of requests of each kind since the last call. */
function kindsSince(sandbox: Sandbox): () => Record<string, number> {
  const since = requestsSince(sandbox);
  return () => {
    const counts: Record<string, number> = {};
    for (const kind of since()) counts[kind] = (counts[kind] ?? 0) + 1;
    return counts;
  };
}

const BYTES_A_KEY = 2_700;

/** Inputs and outputs that the CLI hides. */
const hidden = "__credentials,__provider,__resource";

/** Creates keys and exports nothing, because the state stores exported values once more. */
const program = `
  const { readFileSync } = require("node:fs");
  const { ApplicationKey } = require("pulumi-datadog-application-key");
  const keys = JSON.parse(readFileSync(__dirname + "/keys.json", "utf8"));
  for (const [name, args] of Object.entries(keys)) new ApplicationKey(name, args);
`;

/** The different sets of fields that the keys of a state have, with the fields that the engine stores as secrets. */
function fieldsOf(state: string): string[] {
  interface Resource {
    type: string;
    inputs: object;
    outputs: object;
    additionalSecretOutputs?: string[];
  }
  const { resources } = (JSON.parse(state) as { deployment: { resources: Resource[] } }).deployment;
  const kept = resources
    .filter(({ type }) => type.endsWith(":ApplicationKey"))
    .map(({ inputs, outputs, additionalSecretOutputs: secrets = [] }) =>
      [Object.keys(inputs), Object.keys(outputs), secrets].map((names) => names.sort().join()).join(" | "),
    );
  return [...new Set(kept)];
}

describe("a stack sends and stores no more than it needs", { timeout: 300_000 }, () => {
  const budgets = [
    {
      through: "v1",
      sandbox: {},
      args: {},
      count: 3,
      up: { [`GET ${v1} 200`]: 1, "GET /api/v2/current_user 200": 1, [`POST ${v1} 200`]: 3 },
      refresh: { [`GET ${v1} 200`]: 1 },
      rename: { [`PUT ${v1}/{hash} 200`]: 3 },
      destroy: { [`DELETE ${v1}/{hash} 200`]: 3 },
      fields: [`${hidden},name,site | ${hidden},apiVersion,createdAt,hash,name,orgId,owner,ownerId,site | `],
    },
    {
      through: "v2, with more keys than a page of the list holds",
      sandbox: {},
      args: { apiVersion: "v2" },
      count: 102,
      up: { [`GET ${own} 200`]: 1, "GET /api/v2/current_user 200": 1, [`POST ${own} 201`]: 102 },
      // The client reads the first key alone. Only the second key shows that there are several.
      refresh: { [`GET ${own}/{app_key_id} 200`]: 1, [`GET ${own} 200`]: 2 },
      rename: { [`PATCH ${own}/{app_key_id} 200`]: 102 },
      destroy: { [`DELETE ${own}/{app_key_id} 204`]: 102 },
      fields: [
        `${hidden},apiVersion,name,site | ${hidden},apiVersion,createdAt,hash,keyId,name,orgId,owner,ownerId,site | `,
      ],
    },
    {
      through: "v2, where One-Time Read has to be found out",
      sandbox: { oneTimeRead: true },
      args: {},
      count: 3,
      up: { [`GET ${v1} 403`]: 1, [`GET ${own} 200`]: 1, "GET /api/v2/current_user 200": 1, [`POST ${own} 201`]: 3 },
      refresh: { [`GET ${own}/{app_key_id} 200`]: 1, [`GET ${own} 200`]: 1 },
      rename: { [`PATCH ${own}/{app_key_id} 200`]: 3 },
      destroy: { [`DELETE ${own}/{app_key_id} 204`]: 3 },
      fields: [`${hidden},name,site | ${hidden},apiVersion,createdAt,hash,keyId,name,orgId,owner,ownerId,site | `],
    },
  ];

  test.each(budgets)("through $through", async ({ sandbox: options, args, count, ...expected }) => {
    const { sandbox, stack, project, declare } = await keysStack(options);
    const sent = kindsSince(sandbox);
    await project.setProgram(program);
    await declare(keys(count, "ci", args));

    expect(await stack.up()).toMatchObject({ exitCode: 0 });
    expect(sent()).toEqual(expected.up);
    const state = await stack.export();
    expect(fieldsOf(state)).toEqual(expected.fields);
    // With few keys, the data of the stack itself is the largest part.
    if (count > 100) expect(Buffer.byteLength(state) / count).toBeLessThanOrEqual(BYTES_A_KEY);
    expect(await stack.preview()).toMatchObject({ exitCode: 0 });
    expect(await stack.up()).toMatchObject({ exitCode: 0 });
    expect(sent()).toEqual({});
    expect(await stack.refresh()).toMatchObject({ exitCode: 0 });
    expect(sent()).toEqual(expected.refresh);
    await declare(keys(count, "renamed", args));
    expect(await stack.up()).toMatchObject({ exitCode: 0 });
    expect(sent()).toEqual(expected.rename);
    expect(await stack.destroy()).toMatchObject({ exitCode: 0 });
    expect(sent()).toEqual(expected.destroy);
    expect(sandbox.keys()).toEqual([]);
  });
});

test("more creates than a rate limit allows take no more windows than they need, and the CLI reports the wait", async () => {
  const requests = 5;
  const seconds = 3;
  const { sandbox, stack, declare } = await keysStack({ rateLimit: { requests, seconds } });
  await declare(keys(3 * requests, "ci"));

  const { exitCode, all } = await stack.up();
  expect(exitCode).toBe(0);
  expect(sandbox.keys()).toHaveLength(3 * requests);
  expect(all).toMatch(/Datadog's rate limit \(5 requests in 3 s\) is reached: waiting \d s/);

  const moments = sandbox.requests({ method: "POST" }).map(({ at }) => at);
  const took = (Math.max(...moments) - Math.min(...moments)) / 1000;
  expect(took).toBeLessThanOrEqual(1.1 * 3 * seconds);
  const refused = sandbox.requests({ status: 429 }).map(({ at }) => at);
  const together = refused.map((at) => refused.filter((other) => other >= at && other < at + 1000 * seconds).length);
  expect(Math.max(0, ...together)).toBeLessThanOrEqual(1);
});

test("a preview that changes nothing loads neither the HTTP client nor the validator, and a program never does", async () => {
  const { stack, project, declare } = await keysStack();
  await declare(keys(2, "ci"));
  const file = path.join(project.folder, "loaded");
  const probe = pathToFileURL("test/engine/support/loaded-modules.mjs").href;
  const env = { NODE_OPTIONS: `--import=${probe}` };
  const loadedBy = async (name: string) => {
    const loaded = (await readFile(`${file}-${name}`, "utf8")).split("\n");
    const of = (script: string) => loaded.filter((line) => line.includes(script)).join("\n");
    return { program: of("pulumi/cmd/run/"), provider: of("pulumi/cmd/dynamic-provider/") };
  };

  expect(await stack.up({ env: { ...env, LOADED_MODULES: `${file}-up` } })).toMatchObject({ exitCode: 0 });
  expect(await stack.preview({ env: { ...env, LOADED_MODULES: `${file}-preview` } })).toMatchObject({ exitCode: 0 });

  const heavy = /node_modules\/(axios|valibot|fastify|commander)\//;
  const [up, preview] = [await loadedBy("up"), await loadedBy("preview")];
  expect(preview.provider).toContain("dist/provider/lifecycle/");
  expect(preview.provider).not.toMatch(heavy);
  for (const { program } of [up, preview]) {
    expect(program).toContain("dist/provider/index.js");
    expect(program).not.toMatch(heavy);
    expect(program).not.toContain("dist/provider/lifecycle/");
  }
  // A run with requests loads both modules, so this test would notice them.
  expect(up.provider).toMatch(/node_modules\/axios\//);
  expect(up.provider).toMatch(/node_modules\/valibot\//);
});
