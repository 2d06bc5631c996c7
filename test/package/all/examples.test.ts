import { execa } from "execa";
import { cp, readFile, symlink, writeFile } from "node:fs/promises";
import path from "node:path";
import { beforeAll, describe, expect, onTestFinished, test } from "vitest";
import { type Sandbox, type SandboxOptions, startSandbox } from "../../../sandbox/index.ts";
import { connection, credentials } from "../../engine/support/sandboxed.ts";
import { Stack } from "../../engine/support/stack.ts";
import { engineEnv } from "../../../tools/engine/engine.mts";
import { getEngine } from "../../../tools/engine/get-engine.mts";
import { freshFolder, pack } from "../support/layout.ts";

const robot = { id: "5ea50001-0000-4000-8000-000000000001", handle: "robot@example.com", serviceAccount: true };

interface Example {
  name: string;
  sandbox?: SandboxOptions;
  keys: string[];
  prepare?: (stack: Stack, sandbox: Sandbox, eu: Sandbox) => Promise<void> | void;
}

/**
 * The examples that need no plugin of another provider. The example "consumers" needs one, so its own test only
 * compiles it.
 */
const examples: Example[] = [
  { name: "quickstart", keys: ["ci-deployer"] },
  { name: "rotation", keys: ["ci-deployer", "pods"] },
  { name: "scopes", keys: ["weekly-report"] },
  {
    name: "adopt",
    keys: ["ci-deployer"],
    prepare: (_, sandbox) => {
      sandbox.add({ name: "ci-deployer" });
    },
  },
  {
    name: "service-account",
    sandbox: { user: "admin", users: [robot] },
    keys: ["deployer"],
    prepare: (stack) => stack.setConfig("serviceAccountId", robot.id),
  },
  {
    name: "organisations",
    keys: ["ci-deployer"],
    prepare: async (stack, _, eu) => {
      const { config, secrets } = connection("eu", eu);
      for (const [name, value] of Object.entries(config)) await stack.setConfig(name, value);
      for (const [name, value] of Object.entries(secrets)) await stack.setConfig(name, value, { secret: true });
    },
  },
];

let tarballs: string[];

beforeAll(async () => {
  tarballs = await Promise.all([pack("."), pack("sandbox")]);
});

/** Installations by their packages. Examples with the same packages share one. */
const installed = new Map<string, Promise<string>>();

/**
 * A copy of an example outside the checkout. `npm install` has installed the packed packages instead of the published
 * ones.
 */
async function copyOf(name: string): Promise<string> {
  const folder = path.join(await freshFolder(), name);
  // The test of this example in the checkout leaves a cache there.
  const filter = (file: string) => path.basename(file) !== "node_modules";
  await cp(path.join("examples", name), folder, { recursive: true, filter });
  const manifest = await readFile(path.join(folder, "package.json"), "utf8");
  const { dependencies, devDependencies } = JSON.parse(manifest) as Record<string, Record<string, string>>;
  const wanted = JSON.stringify({ dependencies, devDependencies });
  const place =
    installed.get(wanted) ?? install(manifest, { sandbox: "datadog-key-sandbox" in (devDependencies ?? {}) });
  installed.set(wanted, place);
  await symlink(path.join(await place, "node_modules"), path.join(folder, "node_modules"), "junction");
  return folder;
}

async function install(manifest: string, { sandbox }: { sandbox: boolean }): Promise<string> {
  const folder = await freshFolder();
  await writeFile(path.join(folder, "package.json"), manifest);
  const packed = sandbox ? tarballs : tarballs.slice(0, 1);
  await execa("npm", ["install", "--prefer-offline", "--no-audit", "--no-fund", "--ignore-scripts", ...packed], {
    cwd: folder,
  });
  return folder;
}

async function surroundings(home: string): Promise<{ command: string; env: NodeJS.ProcessEnv }> {
  const engine = await getEngine();
  const env = Object.entries(engineEnv(engine, { home })).filter(([name]) => !/^(https?|all|no)_proxy$/i.test(name));
  return { command: engine.command, env: Object.fromEntries(env) };
}

describe("each example runs from a copy with the packed packages", () => {
  test.each(examples)("$name: pulumi up", async ({ name, sandbox: options, keys, prepare }) => {
    const [sandbox, eu] = [await startSandbox(options), await startSandbox()];
    onTestFinished(async () => {
      await Promise.all([sandbox.close(), eu.close()]);
    });
    const { command, env } = await surroundings(await freshFolder());
    const stack = new Stack("dev", await copyOf(name), command, { ...env, ...credentials(sandbox) });
    await stack.succeed(["stack", "init", "dev"]);
    await prepare?.(stack, sandbox, eu);
    const up = await stack.up();
    expect(up.exitCode, up.all).toBe(0);
    expect(
      sandbox
        .keys()
        .map((key) => key.name)
        .sort(),
    ).toEqual(keys);
  });

  test("testing: npm test", async () => {
    const folder = await copyOf("testing");
    const { env } = await surroundings(await freshFolder());
    const { exitCode, all } = await execa("npm", ["test"], {
      cwd: folder,
      env,
      extendEnv: false,
      all: true,
      reject: false,
    });
    expect(exitCode, all).toBe(0);
    const types = await execa("tsc", ["-p", "."], { cwd: folder, preferLocal: true, all: true, reject: false });
    expect(types.exitCode, types.all).toBe(0);
  });
});
