import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Sandbox, startSandbox } from "../../../sandbox/index.ts";
import { type Keys, credentials, keysProject } from "../support/sandboxed.ts";
import type { Stack } from "../support/index.ts";

// Bugs that users of the Terraform provider reported, with the number of the issue in terraform-provider-datadog.

const robot = "5ea50001-0000-4000-8000-000000000001";
const own = "/api/v2/current_user/application_keys";

describe("bugs of other Datadog providers do not occur here", () => {
  let sandbox: Sandbox;
  let stack: Stack;
  let declare: (keys: Keys) => Promise<void>;
  let before: { keys: unknown[]; outputs: unknown };
  let hashes: string[];
  const outputs = async (): Promise<Record<string, Record<string, unknown>>> => {
    const all = (await stack.outputs({ showSecrets: true })) as Record<string, Record<string, unknown>>;
    // Datadog's first answer and its later ones may give creation times that differ by a microsecond.
    return Object.fromEntries(Object.entries(all).map(([name, shown]) => [name, { ...shown, createdAt: "some time" }]));
  };
  const keys = () => sandbox.keys().map(({ id, name, scopes, owner }) => ({ id, name, scopes, owner }));
  const declareScopes = (...scopes: string[]) =>
    declare({
      ci: { name: "ci", ...(scopes.length > 0 && { scopes }) },
      robot: { name: "r", serviceAccountId: robot },
    });

  beforeAll(async () => {
    sandbox = await startSandbox({
      oneTimeRead: true,
      // Issue 1955 needs more permissions than an ordinary user has.
      user: "first",
      users: [
        { handle: "first@example.com", permissions: ["user_app_keys", "service_account_write", "user_access_read"] },
        { handle: "second@example.com", permissions: ["user_app_keys", "org_app_keys_read", "service_account_write"] },
        { id: robot, handle: "robot@example.com", serviceAccount: true },
      ],
    });
    const made = await keysProject({ env: credentials(sandbox) });
    declare = made.declare;
    stack = await made.project.stack("dev");
    await declareScopes("monitors_read", "dashboards_read");
    expect(await stack.up()).toMatchObject({ exitCode: 0 });
    before = { keys: keys(), outputs: await outputs() };
    hashes = [secretOf("ci"), secretOf("r")];
  });

  afterAll(() => sandbox.close());

  const secretOf = (name: string) => sandbox.keys().find((key) => key.name === name)?.key ?? "none";

  test("2451: a secret that the API no longer sends is not overwritten in the state", async () => {
    expect(await stack.refresh()).toMatchObject({ exitCode: 0 });
    const after = await outputs();
    expect([after["ci"]?.["hash"], after["robot"]?.["hash"]]).toEqual(hashes);
  });

  test("2048: a passing 404 does not recreate a key", async () => {
    const passing = { kind: "status", status: 404, errors: ["Application key not found"] } as const;
    const removeFault = sandbox.fail({ ...passing, method: "GET", route: `${own}/{app_key_id}` });
    expect((await stack.refresh()).stdout).toContain("3 unchanged");
    removeFault();
    expect(sandbox.faultsInjected()).toHaveLength(1);
    expect((await stack.up()).stdout).toContain("3 unchanged");
    expect({ keys: keys(), outputs: await outputs() }).toEqual(before);
  });

  test("1530: a run by another user does not recreate a key", async () => {
    const second = sandbox.users.find(({ handle }) => handle === "second@example.com");
    const env = credentials(sandbox, second);
    expect(await stack.up({ flags: ["--refresh"], env })).toMatchObject({ exitCode: 0 });
    expect({ keys: keys(), outputs: await outputs() }).toEqual(before);
  });

  test("1711: scopes are a set, changed in place, in any order and down to none", async () => {
    const [key] = keys().filter(({ name }) => name === "ci");
    const ci = () => keys().filter(({ name }) => name === "ci");
    await declareScopes("dashboards_read", "monitors_read", "dashboards_read");
    expect((await stack.up()).stdout).toContain("3 unchanged");
    await declareScopes("monitors_write");
    expect((await stack.up()).stdout).toContain("~ 1 updated");
    expect(ci()).toEqual([{ ...key, scopes: ["monitors_write"] }]);
    await declareScopes("no_such_scope");
    const unknown = await stack.up();
    expect(unknown.exitCode).not.toBe(0);
    // Datadog sends this text.
    expect(unknown.all).toContain("Invalid scopes: no_such_scope");
    await declareScopes();
    expect((await stack.up()).stdout).toContain("~ 1 updated");
    expect(ci()).toEqual([{ ...key, scopes: null }]);
    expect(keys()).toHaveLength(2);
    expect((await outputs())["ci"]).toMatchObject({ hash: hashes[0] });
    expect((await outputs())["ci"]).not.toHaveProperty("scopes");
  });

  test("1955: a service account owns a key, and the outputs name the owner", async () => {
    expect((await outputs())["ci"]).toMatchObject({ owner: "first@example.com" });
    expect((await outputs())["robot"]).toMatchObject({ owner: "robot@example.com", serviceAccountId: robot });
    expect(await stack.destroy()).toMatchObject({ exitCode: 0 });
    expect(sandbox.keys()).toEqual([]);
  });
});
