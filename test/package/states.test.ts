import { readdir, readFile, writeFile } from "node:fs/promises";
import { expect, onTestFinished, test } from "vitest";
import { type NewKey, type Sandbox, startSandbox } from "../../sandbox/index.ts";
import { type Keys, credentials, keysProject } from "../engine/support/sandboxed.ts";

const folder = "test/package/states";
const robot = { id: "5ea50001-0000-4000-8000-000000000001", email: "robot@example.com", serviceAccount: true };

/** The program of every saved state. Later versions may add keys to it, for the states saved from then on. */
const keys: Keys = {
  v1: { name: "by-v1" },
  v2: { name: "by-v2", apiVersion: "v2" },
  scoped: { name: "scoped", scopes: ["monitors_read", "dashboards_read"] },
  robot: { name: "robot", serviceAccountId: robot.id },
  kept: { name: "kept", keepers: { rotated: "once" } },
};

/**
 * The state that a version left, and the keys in Datadog at that time. The passphrase is the one of the tests' engine.
 */
interface Saved {
  keys: Required<NewKey>[];
  /** Since 0.3.0 the state names the organisation. */
  orgId?: string;
  state: object;
}

async function stackIn(sandbox: Sandbox) {
  onTestFinished(() => sandbox.close());
  const { project, declare } = await keysProject({ env: credentials(sandbox) });
  return { stack: await project.stack("dev"), declare };
}

test.each(await versions())(
  "with the state of version %s, preview, up and refresh change nothing, and rename and destroy work",
  async (version) => {
    const saved = JSON.parse(await readFile(`${folder}/${version}.json`, "utf8")) as Saved;
    // The administrator created most of the keys, and the service account's keys need more permissions than an ordinary
    // user has.
    const { orgId } = saved;
    const sandbox = await startSandbox({ user: "admin", users: [robot], keys: saved.keys, ...(orgId && { orgId }) });
    const { stack, declare } = await stackIn(sandbox);
    await stack.import(JSON.stringify(saved.state));

    await declare(keys);
    const preview = await stack.preview({ flags: ["--expect-no-changes"] });
    expect(preview.exitCode, preview.all).toBe(0);
    expect(sandbox.requests()).toEqual([]);

    // The first up and the first refresh change no key. After the refresh, the state knows the organisation.
    for (const first of [await stack.up({ flags: ["--expect-no-changes"] }), await stack.refresh()])
      expect(first.exitCode, first.all).toBe(0);
    expect(secretsAndNames(sandbox)).toEqual(saved.keys.map(secretAndName));
    const { deployment } = JSON.parse(await stack.export()) as Exported;
    const orgIds = deployment.resources
      .filter(({ type }) => type.endsWith("ApplicationKey"))
      .map(({ outputs }) => outputs?.orgId);
    expect(orgIds).toEqual(saved.keys.map(() => sandbox.orgId));

    await declare(
      Object.fromEntries(Object.entries(keys).map(([name, args]) => [name, { ...args, name: `${name}-renamed` }])),
    );
    const renamed = await stack.up();
    expect(renamed.exitCode, renamed.all).toBe(0);
    expect(secretsAndNames(sandbox)).toEqual(
      saved.keys.map(({ id, name, key }) => ({ id, name: `${resourceOf(name)}-renamed`, key })),
    );
    const outputs = (await stack.outputs({ showSecrets: true })) as Record<string, { hash: string }>;
    expect(Object.values(outputs).map(({ hash }) => hash)).toEqual(
      expect.arrayContaining(saved.keys.map(({ key }) => key)),
    );

    const destroyed = await stack.destroy();
    expect(destroyed.exitCode, destroyed.all).toBe(0);
    expect(sandbox.keys()).toEqual([]);
  },
);

interface Exported {
  deployment: { resources: { type: string; outputs?: { orgId?: string } }[] };
}

const secretAndName = ({ id, name, key }: Pick<Required<NewKey>, "id" | "name" | "key">) => ({ id, name, key });

function secretsAndNames(sandbox: Sandbox) {
  return sandbox.keys().map(secretAndName);
}

/** Run this when a version is released: `SAVE_STATE=1 npx vitest run --project package test/package/states.test.ts`. */
async function saveState(): Promise<void> {
  const { version } = JSON.parse(await readFile("package.json", "utf8")) as { version: string };
  const sandbox = await startSandbox({ user: "admin", users: [robot] });
  const { stack, declare } = await stackIn(sandbox);
  await declare(keys);
  expect(await stack.up()).toMatchObject({ exitCode: 0 });
  const saved: Saved = {
    keys: sandbox.keys().map(({ name, ownerId, id, key, scopes, createdAt }) => ({
      name,
      owner: ownerId === robot.id ? robot.id : sandbox.user("admin").handle,
      id,
      key,
      scopes,
      createdAt,
    })),
    orgId: sandbox.orgId,
    state: JSON.parse(await stack.export(), withoutPlaces) as object,
  };
  await writeFile(`${folder}/${version}.json`, `${JSON.stringify(saved, undefined, 2)}\n`);
}

if (process.env["SAVE_STATE"]) test("the state of this version is saved", saveState);

/** Removes the source positions of the resources, because they are paths of one machine. */
function withoutPlaces(name: string, value: unknown): unknown {
  return name === "sourcePosition" || name === "stackTrace" ? undefined : value;
}

function resourceOf(keyName: string): string {
  const found = Object.entries(keys).find(([, { name }]) => name === keyName);
  return found?.[0] ?? "";
}

async function versions(): Promise<string[]> {
  return (await readdir(folder)).map((file) => file.replace(/\.json$/, ""));
}
