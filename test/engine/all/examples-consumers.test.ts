import * as pulumi from "@pulumi/pulumi";
import { execa } from "execa";
import { cp, rm } from "node:fs/promises";
import path from "node:path";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { installPackagesOf } from "../../../tools/own-packages.mts";

/** The folder has the SDKs that the example uses, and a link to the SDK whose mocks this test sets. */
const folder = "test/engine/all/consumers";
const example = path.resolve(folder, "example");

const made = new Map<string, pulumi.runtime.MockResourceArgs>();
/** How the SDK marks a secret: `specialSigKey` and `specialSecretSig` of its runtime/rpc.ts. */
const specialSignature = "4dabf18193072939515e22adb298388d";
const secretSignature = "1b47061264138c4ac30d75fd1eb44270";
const keyType = "pulumi-nodejs:dynamic/datadog:ApplicationKey";

// The plugins of Kubernetes, GitHub and Datadog are not npm packages, so the program runs with their types and mocks.
beforeAll(async () => {
  await installPackagesOf(folder);
  await cp("examples/consumers", example, { recursive: true });
  pulumi.runtime.setAllConfig({ "datadog:apiKey": "an-api-key" }, ["datadog:apiKey"]);
  await pulumi.runtime.setMocks({
    newResource(args) {
      made.set(`${args.type} ${args.name}`, args);
      const inputs = args.inputs as object;
      return { id: args.name, state: args.type === keyType ? { ...inputs, hash: `key-of-${args.name}` } : inputs };
    },
    call: () => ({}),
  });
  await import(path.join(example, "index.ts"));
  // Resources are registered after the program has run.
  await vi.waitFor(() => {
    expect([...made.keys()]).toHaveLength(7);
  }, 30_000);
});

afterAll(() => rm(example, { recursive: true, force: true }));

const inputs = (resource: string) => made.get(resource)?.inputs as Record<string, unknown>;
/** A secret value as programs send it to the engine. */
const secret = (value: unknown) => expect.objectContaining({ [specialSignature]: secretSignature, value }) as object;

test("the key for a cluster is stored in a Kubernetes Secret", () => {
  expect(inputs("kubernetes:core/v1:Secret datadog")).toMatchObject({
    metadata: { namespace: "monitoring", name: "datadog-app-key" },
    stringData: secret({ "app-key": "key-of-cluster-agent" }),
  });
});

test("the key for a workflow is stored as a GitHub Actions secret", () => {
  expect(inputs("github:index/actionsSecret:ActionsSecret datadog")).toMatchObject({
    secretName: "DD_APP_KEY",
    value: secret("key-of-workflow"),
  });
  expect(inputs(`${keyType} workflow`)).toMatchObject({ scopes: ["monitors_read"] });
});

test("the Datadog provider gets a key and creates a monitor with it", () => {
  expect(inputs("pulumi:providers:datadog monitors")).toMatchObject({
    apiKey: secret("an-api-key"),
    appKey: secret("key-of-monitors"),
  });
  expect(made.get("datadog:index/monitor:Monitor errors")?.provider).toContain("pulumi:providers:datadog::monitors");
});

test("each key rotates once a month", () => {
  for (const name of ["cluster-agent", "workflow", "monitors"])
    expect(inputs(`${keyType} ${name}`)["keepers"]).toEqual({
      rotationPeriod: expect.stringMatching(/\/P30D$/) as string,
    });
});

test("the example passes the type check", async () => {
  expect((await execa("tsc", ["-p", example], { preferLocal: true, reject: false, all: true })).all).toBe("");
});
