import { execa } from "execa";
import { mkdir, mkdtemp, realpath, rm, writeFile } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { afterAll, expect } from "vitest";
import { type Sandbox, startSandbox } from "../../../sandbox/index.ts";
import { storedProvider } from "../../../provider/stored-provider.ts";
import { engineEnv } from "../../../tools/engine/engine.mts";
import { findEngine } from "../../../tools/engine/get-engine.mts";
import { Stack } from "../../engine/support/stack.ts";

export type Files = Record<string, string | object>;

const made: string[] = [];

afterAll(async () => {
  for (const folder of made) await rm(folder, { recursive: true, force: true });
});

/** A folder outside the checkout, where Node.js finds none of the checkout's modules. */
export async function freshFolder(): Promise<string> {
  const folder = await realpath(await mkdtemp(path.join(os.tmpdir(), "package-test-")));
  made.push(folder);
  return folder;
}

export async function write(folder: string, files: Files): Promise<void> {
  for (const [name, content] of Object.entries(files)) {
    const file = path.join(folder, name);
    await mkdir(path.dirname(file), { recursive: true });
    await writeFile(file, typeof content === "string" ? content : JSON.stringify(content, undefined, 2));
  }
}

/**
 * Packs a package's folder as npm does for publishing, and returns the tarball's path. It does not build, because other
 * tests use the present build at the same time.
 */
export async function pack(packageFolder: string): Promise<string> {
  const folder = await freshFolder();
  const { stdout } = await execa("npm", ["pack", "--json", "--ignore-scripts", "--pack-destination", folder], {
    cwd: packageFolder,
  });
  // npm 10 and earlier print an array, later versions an object by package names.
  const [packed] = Object.values(JSON.parse(stdout) as { filename: string }[] | Record<string, { filename: string }>);
  if (!packed) throw new Error(`npm packed nothing in ${packageFolder}`);
  return path.join(folder, packed.filename);
}

export interface Life {
  /** A folder with the Node.js or Bun that runs the program. Default: the project's Node.js. */
  nodeFolder?: string;
  /** Environment variables for all processes that the engine starts. */
  env?: Readonly<Record<string, string>>;
}

/**
 * Creates, renames and revokes a key with the program in a folder. The program takes the name of the key from the
 * configuration `keyName`.
 */
export async function expectLifecycle(folder: string, life: Life = {}): Promise<void> {
  await withStack(folder, life, async (stack, sandbox) => {
    const up = await stack.up();
    expect(up.exitCode, up.all).toBe(0);
    const [key, ...others] = sandbox.keys();
    expect(others).toEqual([]);
    expect(await stack.outputs({ showSecrets: true })).toMatchObject({ hash: key?.key });
    expect(providersIn(await stack.export())).toEqual(new Set([storedProvider]));
    await stack.setConfig("keyName", "ci-renamed");
    const renamed = await stack.up();
    expect(renamed.exitCode, renamed.all).toBe(0);
    expect(sandbox.keys()).toEqual([{ ...key, name: "ci-renamed" }]);
    const destroyed = await stack.destroy();
    expect(destroyed.exitCode, destroyed.all).toBe(0);
    expect(sandbox.keys()).toEqual([]);
  });
}

/** Runs a preview, for which the provider process must find the package, and returns the CLI's output. */
export async function expectPreview(folder: string): Promise<string> {
  return withStack(folder, {}, async (stack) => {
    const preview = await stack.preview();
    expect(preview.exitCode, preview.all).toBe(0);
    expect(preview.all).toContain("pulumi-nodejs:dynamic/datadog:ApplicationKey: (create)");
    return preview.all;
  });
}

/** Expects that a preview of the program in a folder fails with one sentence that says what to add and where. */
export async function expectMissingPackage(folder: string, programFolder = folder): Promise<void> {
  await withStack(folder, {}, async (stack, sandbox) => {
    const preview = await stack.preview();
    expect(preview.exitCode, preview.all).not.toBe(0);
    const sentence =
      "Add pulumi-datadog-application-key to the dependencies in the program's own package.json and install it, because " +
      `Pulumi loads the provider of application keys by this name from ${programFolder}, where it is not installed.`;
    expect(preview.all.split(sentence), preview.all).toHaveLength(2);
    expect(preview.all).not.toMatch(/^ *at .*:\d+:\d+|Cannot find module/m);
    expect(sandbox.requests()).toEqual([]);
  });
}

/** The provider texts in a state. */
function providersIn(state: string): Set<unknown> {
  interface Stored {
    readonly inputs?: Record<string, unknown>;
    readonly outputs?: Record<string, unknown>;
  }
  const { deployment } = JSON.parse(state) as { deployment: { resources: Stored[] } };
  const texts = deployment.resources.flatMap(({ inputs, outputs }) =>
    [inputs, outputs].map((of) => of?.["__provider"]),
  );
  return new Set(texts.filter((text) => text !== undefined));
}

/** Imports a key with the installed command, as the resource of the program in a folder. */
export async function importKey(folder: string): Promise<void> {
  await withStack(folder, {}, async (stack, sandbox) => {
    sandbox.add({ name: "ci" });
    const before = sandbox.keys();
    const command = ["--no", "pulumi-datadog-application-key", "import", "--as", "ci=ci", "--stack", "dev", "--yes"];
    const imported = await stack.runOther("npx", command);
    expect(imported.exitCode, imported.all).toBe(0);
    const up = await stack.up({ flags: ["--expect-no-changes"] });
    expect(up.exitCode, up.all).toBe(0);
    expect(sandbox.keys()).toEqual(before);
  });
}

/**
 * Provides a stack of the program in a folder, and its sandbox. The program takes the name of the key from the
 * configuration `keyName`.
 */
async function withStack<Result>(
  folder: string,
  { nodeFolder, env }: Life,
  use: (stack: Stack, sandbox: Sandbox) => Promise<Result>,
): Promise<Result> {
  const engine = await findEngine();
  if (!engine) throw new Error("There is no Pulumi engine here yet. `node tools/setup.mjs` gets one.");
  const sandbox = await startSandbox();
  const home = await freshFolder();
  const surroundings = engineEnv(engine, { home });
  const stack = new Stack("dev", folder, engine.command, {
    ...Object.fromEntries(Object.entries(surroundings).filter(([name]) => !/^(https?|all|no)_proxy$/i.test(name))),
    ...env,
    ...(nodeFolder !== undefined && { PATH: [nodeFolder, surroundings["PATH"]].join(path.delimiter) }),
  });
  try {
    await stack.succeed(["stack", "init", "dev"]);
    const config = ["keyName=ci", `datadog:apiUrl=${sandbox.url}`].flatMap((setting) => ["--plaintext", setting]);
    const secrets = [`datadog:apiKey=${sandbox.apiKey}`, `datadog:appKey=${sandbox.appKey}`].flatMap((setting) => [
      "--secret",
      setting,
    ]);
    await stack.succeed(["config", "set-all", "--stack", "dev", ...config, ...secrets]);
    return await use(stack, sandbox);
  } finally {
    await stack.run(["stack", "rm", "dev", "--yes", "--force"]);
    await rm(path.join(folder, "Pulumi.dev.yaml"), { force: true });
    await sandbox.close();
  }
}
