import { expect, onTestFinished, test } from "vitest";
import { type Sandbox, type SandboxOptions, startSandbox } from "../../sandbox/index.ts";
import { connection, keysProject, requestsSince } from "./support/sandboxed.ts";
import { type CommandResult, step } from "./support/index.ts";

const robot = "5ea50001-0000-4000-8000-000000000001";

interface Kind {
  sandbox?: SandboxOptions;
  args?: Record<string, unknown>;
}

/**
 * Each kind of organisation, and the arguments that the program needs besides the name. One stack has a key in each.
 */
const kinds = {
  v1: {},
  duplicates: { sandbox: { uniqueNames: false } },
  oneTimeRead: { sandbox: { oneTimeRead: true } },
  /** One-Time Read is switched on after the key is created. */
  migrated: {},
  government: { sandbox: { government: true }, args: { site: "ddog-gov.com" } },
  explicitV2: { args: { apiVersion: "v2" } },
  scoped: { args: { scopes: ["monitors_read", "dashboards_read"] } },
  /** Managing the keys of a service account needs more permissions than an ordinary user has. */
  serviceAccount: {
    sandbox: { user: "admin", users: [{ id: robot, handle: "robot@example.com", serviceAccount: true }] },
    args: { serviceAccountId: robot },
  },
} satisfies Record<string, Kind>;
type Mode = keyof typeof kinds;
const modes: Record<Mode, Kind> = kinds;
const names = Object.keys(kinds) as Mode[];

const v1 = "/api/v1/application_key";
const own = "/api/v2/current_user/application_keys";
const accounts = "/api/v2/service_accounts/{service_account_id}/application_keys";

/** The requests of a step, for each mode. */
type Requests = Record<Mode, string[]>;
const ofEach = (asked: (mode: Mode) => string[]) =>
  Object.fromEntries(names.map((mode) => [mode, asked(mode)])) as Requests;

const caller = "GET /api/v2/current_user 200";
const v1Create = [`GET ${v1} 200`, caller, `POST ${v1} 200`];
const v2Create = [`GET ${own} 200`, caller, `POST ${own} 201`];
const foundOut = [`GET ${v1} 403`, ...v2Create];
const expected = {
  nothing: ofEach(() => []),
  create: {
    v1: v1Create,
    duplicates: v1Create,
    oneTimeRead: foundOut,
    migrated: v1Create,
    government: v2Create,
    explicitV2: v2Create,
    scoped: v2Create,
    serviceAccount: [`GET ${accounts} 200`, caller, "GET /api/v2/users/{user_id} 200", `POST ${accounts} 201`],
  },
  rename: {
    v1: [`PUT ${v1}/{hash} 200`],
    duplicates: [`PUT ${v1}/{hash} 200`],
    oneTimeRead: [`PATCH ${own}/{app_key_id} 200`],
    // v1 refuses, and v2 shows which of its keys this is. The provider then stores the UUID.
    migrated: [`PUT ${v1}/{hash} 403`, `GET ${v1} 403`, `GET ${own} 200`, `PATCH ${own}/{app_key_id} 200`],
    government: [`PATCH ${own}/{app_key_id} 200`],
    explicitV2: [`PATCH ${own}/{app_key_id} 200`],
    scoped: [`PATCH ${own}/{app_key_id} 200`],
    serviceAccount: [`PATCH ${accounts}/{app_key_id} 200`],
  },
  refresh: {
    v1: [`GET ${v1} 200`],
    duplicates: [`GET ${v1} 200`],
    oneTimeRead: [`GET ${own}/{app_key_id} 200`],
    migrated: [`GET ${own}/{app_key_id} 200`],
    government: [`GET ${own}/{app_key_id} 200`],
    explicitV2: [`GET ${own}/{app_key_id} 200`],
    scoped: [`GET ${own}/{app_key_id} 200`],
    serviceAccount: [`GET ${accounts}/{app_key_id} 200`],
  },
  destroy: {
    v1: [`DELETE ${v1}/{hash} 200`],
    duplicates: [`DELETE ${v1}/{hash} 200`],
    oneTimeRead: [`DELETE ${own}/{app_key_id} 204`],
    migrated: [`DELETE ${own}/{app_key_id} 204`],
    government: [`DELETE ${own}/{app_key_id} 204`],
    explicitV2: [`DELETE ${own}/{app_key_id} 204`],
    scoped: [`DELETE ${own}/{app_key_id} 204`],
    serviceAccount: [`DELETE ${accounts}/{app_key_id} 204`],
  },
} satisfies Record<string, Requests>;

test("one program works in every kind of organisation, and each step sends only the expected requests", async () => {
  const sandboxes = {} as Record<Mode, Sandbox>;
  const since = {} as Record<Mode, () => string[]>;
  const shown: string[] = [];
  for (const mode of names) {
    sandboxes[mode] = await startSandbox(modes[mode].sandbox);
    onTestFinished(() => sandboxes[mode].close());
    since[mode] = requestsSince(sandboxes[mode]);
  }
  const { project, declare } = await keysProject();
  const settings = names.map((mode) => connection(mode, sandboxes[mode]));
  const stack = await project.stack("dev", {
    config: Object.assign({}, ...settings.map(({ config }) => config)) as Record<string, string>,
    secrets: Object.assign({}, ...settings.map(({ secrets }) => secrets)) as Record<string, string>,
  });
  const nameKeys = (name: string) =>
    declare(Object.fromEntries(names.map((mode) => [mode, { name, connection: mode, ...modes[mode].args }])));

  /** The requests to each organisation since the last call. */
  const requests = () => ofEach((mode) => since[mode]());
  const key = (mode: Mode) => {
    const [only, ...others] = sandboxes[mode].keys();
    if (!only || others.length > 0) throw new Error(`${mode} has ${sandboxes[mode].keys().length} keys instead of one`);
    return only;
  };
  const secrets = () => Object.fromEntries(names.map((mode) => [mode, key(mode).key]));
  const run = async (command: Promise<CommandResult>) => {
    const result = await command;
    shown.push(result.all);
    return result;
  };
  /** The number of resources, without the stack's outputs, for which the preview shows this change of name. */
  const changes = (stdout: string, from: string, to: string) =>
    stdout.split("--outputs:--")[0]?.match(new RegExp(`~ name *: "${from}" => "${to}"`, "g"))?.length ?? 0;
  /** The outputs of the key in each mode. */
  const outputs = async () => (await stack.outputs({ showSecrets: true })) as Record<Mode, Record<string, unknown>>;

  await step("up creates one key in each organisation, with the expected requests", async () => {
    await nameKeys("ci");
    expect(await run(stack.up())).toMatchObject({ exitCode: 0 });
    expect(requests()).toEqual(expected.create);
    const outs = await outputs();
    for (const mode of names) {
      const { key: hash, id, createdAt: time } = key(mode);
      // The times are compared to the second, because the time in the answer to a create may be a microsecond early.
      const createdAt = expect.stringContaining(time.slice(0, 19)) as string;
      expect(outs[mode]).toMatchObject({
        name: "ci",
        hash,
        ...(outs[mode]["apiVersion"] === "v2" && { id, keyId: id, createdAt }),
      });
    }
  });

  await step("a run without changes sends nothing, even after One-Time Read is switched on", async () => {
    sandboxes.migrated.setOneTimeRead(true);
    expect(await run(stack.preview())).toMatchObject({
      exitCode: 0,
      stdout: expect.stringMatching(/9 unchanged/) as string,
    });
    expect(await run(stack.up())).toMatchObject({
      exitCode: 0,
      stdout: expect.stringMatching(/9 unchanged/) as string,
    });
    expect(requests()).toEqual(expected.nothing);
  });

  await step("preview shows a new name as a change in place and sends nothing", async () => {
    await nameKeys("renamed");
    const { exitCode, stdout } = await run(stack.preview());
    expect(exitCode).toBe(0);
    expect(changes(stdout, "ci", "renamed")).toBe(names.length);
    expect(stdout).not.toMatch(/replace/);
    expect(requests()).toEqual(expected.nothing);
  });

  await step("up renames the same key", async () => {
    const before = secrets();
    expect(await run(stack.up())).toMatchObject({ exitCode: 0 });
    expect(requests()).toEqual(expected.rename);
    expect(secrets()).toEqual(before);
    const outs = await outputs();
    for (const mode of names) {
      expect(key(mode).name).toBe("renamed");
      expect(outs[mode]).toMatchObject({ name: "renamed", hash: before[mode] });
    }
    expect(outs.migrated["keyId"]).toBe(key("migrated").id);
  });

  await step("refresh sends one request for each key and finds no change", async () => {
    const { exitCode, stdout } = await run(stack.refresh());
    expect(exitCode).toBe(0);
    expect(requests()).toEqual(expected.refresh);
    expect(stdout).toMatch(/9 unchanged/);
  });

  await step("refresh shows that a key was renamed in Datadog, and up restores its name", async () => {
    const before = secrets();
    for (const mode of names) sandboxes[mode].rename(key(mode).id, "by hand");
    const refreshed = await run(stack.refresh());
    expect(refreshed).toMatchObject({ exitCode: 0, stdout: expect.stringContaining("~ 8 updated") as string });
    expect(Object.values(await outputs()).map(({ name }) => name)).toEqual(names.map(() => "renamed"));
    const { stdout } = await run(stack.preview());
    expect(changes(stdout, "by hand", "renamed")).toBe(names.length);
    expect(await run(stack.up())).toMatchObject({ exitCode: 0 });
    expect(secrets()).toEqual(before);
    expect(names.map((mode) => key(mode).name)).toEqual(names.map(() => "renamed"));
  });

  await step("after a key was revoked in Datadog, refresh removes it and up creates a new one", async () => {
    const before = secrets();
    requests();
    await stack.makeKeysOlder();
    for (const mode of names) sandboxes[mode].revoke(key(mode).id);
    const { exitCode, stdout } = await run(stack.refresh());
    expect(exitCode).toBe(0);
    expect(stdout).toMatch(/- 8 deleted/);
    requests();
    expect(await run(stack.up())).toMatchObject({ exitCode: 0 });
    // In the organisation that has switched to One-Time Read, v2 creates the key now.
    expect(requests()).toEqual({ ...expected.create, migrated: foundOut });
    for (const mode of names) expect(key(mode).key).not.toBe(before[mode]);
  });

  await step("destroy revokes all keys with one request each", async () => {
    shown.push(await stack.export());
    expect(await run(stack.destroy())).toMatchObject({ exitCode: 0 });
    expect(requests()).toEqual(expected.destroy);
    for (const mode of names) expect(sandboxes[mode].keys()).toEqual([]);
  });

  await step("no command and no state shows a key or a credential", () => {
    const everything = shown.join("\n");
    for (const mode of names) {
      const { apiKey, appKey } = sandboxes[mode];
      for (const secret of [apiKey, appKey, ...sandboxes[mode].everyKeyEverMade()])
        expect(everything.includes(secret)).toBe(false);
    }
  });
}, 300_000);
