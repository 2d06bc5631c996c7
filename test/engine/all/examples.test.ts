import { execa } from "execa";
import { readdir, readFile } from "node:fs/promises";
import path from "node:path";
import { describe, expect, onTestFinished, test } from "vitest";
import { type Permission, type Sandbox, type SandboxOptions, startSandbox } from "../../../sandbox/index.ts";
import { connection, credentials } from "../support/sandboxed.ts";
import { Project, type Stack } from "../support/index.ts";

const sources = /\.(ts|js)$/;

/** A stack of an example in its own folder, so the test writes nothing into the checkout. */
async function example(name: string, sandbox: Sandbox): Promise<Stack> {
  const folder = path.join("examples", name);
  const names = (await readdir(folder, { withFileTypes: true }))
    .filter((entry) => entry.isFile())
    .map((entry) => entry.name);
  const files = Object.fromEntries(
    await Promise.all(names.map(async (file) => [file, await readFile(path.join(folder, file), "utf8")] as const)),
  );
  const { main } = JSON.parse(files["package.json"] ?? "{}") as { main: string };
  const project = await Project.create({
    program: files[main] ?? "",
    language: path.extname(main) === ".ts" ? "ts" : "js",
    files,
    env: credentials(sandbox),
  });
  return project.stack("dev");
}

async function sandboxFor(options?: SandboxOptions): Promise<Sandbox> {
  const sandbox = await startSandbox(options);
  onTestFinished(() => sandbox.close());
  return sandbox;
}

const succeeds = { exitCode: 0 };

describe("each example runs as its README says", () => {
  test("quickstart: a key is created, renamed in place and revoked", async () => {
    const sandbox = await sandboxFor();
    const stack = await example("quickstart", sandbox);
    expect(await stack.up()).toMatchObject(succeeds);
    const [made] = sandbox.keys();
    expect(made).toMatchObject({ name: "ci-deployer" });
    expect(await stack.outputs()).toMatchObject({ hash: "[secret]", owner: made?.owner });
    await stack.setConfig("keyName", "ci-renamed");
    expect(await stack.up()).toMatchObject(succeeds);
    expect(sandbox.keys()).toEqual([{ ...made, name: "ci-renamed" }]);
    expect(await stack.destroy()).toMatchObject(succeeds);
    expect(sandbox.keys()).toEqual([]);
  });

  test("rotation: a leaked key is replaced at once, the other's previous key stays valid until the next rotation, and nothing replaces a key within its period", async () => {
    const sandbox = await sandboxFor();
    const stack = await example("rotation", sandbox);
    expect(await stack.up()).toMatchObject(succeeds);
    const keys = (name: string) => sandbox.keys().filter((key) => key.name.startsWith(name));
    const [made] = keys("ci-deployer");
    const [first] = keys("pods");
    await stack.setConfig("leaked", "today");
    await stack.setConfig("turn", "2");
    expect(await stack.up()).toMatchObject(succeeds);
    const [rotated, ...others] = keys("ci-deployer");
    expect(others).toEqual([]);
    expect(rotated?.name).toBe("ci-deployer");
    expect(rotated?.key).not.toBe(made?.key);
    const [before, now] = keys("pods");
    expect(before?.key).toBe(first?.key);
    expect(await stack.outputs({ showSecrets: true })).toMatchObject({
      hash: rotated?.key,
      podsHash: now?.key,
      podsPreviousHash: before?.key,
    });
    expect((await stack.preview()).stdout).toContain("3 unchanged");
    expect(await stack.destroy()).toMatchObject(succeeds);
    expect(sandbox.keys()).toEqual([]);
  });

  test("scopes: a key may only read, until its scopes change in place", async () => {
    const sandbox = await sandboxFor();
    const stack = await example("scopes", sandbox);
    expect(await stack.up()).toMatchObject(succeeds);
    const [made] = sandbox.keys();
    expect(made?.scopes?.toSorted()).toEqual(["dashboards_read", "monitors_read"]);
    await stack.succeed(["config", "set", "--stack", "dev", "--path", "scopes[0]", "dashboards_read"]);
    expect(await stack.up()).toMatchObject(succeeds);
    expect(sandbox.keys()).toEqual([{ ...made, scopes: ["dashboards_read"] }]);
    expect(await stack.destroy()).toMatchObject(succeeds);
    expect(sandbox.keys()).toEqual([]);
  });

  test("service-account: a user with service_account_write creates a key that the account owns (plain JavaScript)", async () => {
    const robot = { id: "5ea50001-0000-4000-8000-000000000001", email: "robot@example.com", serviceAccount: true };
    const permissions: Permission[] = ["user_app_keys", "service_account_write", "user_access_read"];
    const maker = { handle: "maker@example.com", permissions };
    const sandbox = await sandboxFor({ user: "maker", users: [maker, robot] });
    const stack = await example("service-account", sandbox);
    await stack.setConfig("serviceAccountId", robot.id);
    expect(await stack.up()).toMatchObject(succeeds);
    expect(sandbox.keys()).toMatchObject([{ name: "deployer", ownerId: robot.id }]);
    expect(await stack.outputs()).toMatchObject({ owner: robot.email });
    await stack.setConfig("keyName", "deployer-2");
    expect(await stack.up()).toMatchObject(succeeds);
    expect(sandbox.keys()).toMatchObject([{ name: "deployer-2", ownerId: robot.id }]);
    expect(await stack.destroy()).toMatchObject(succeeds);
    expect(sandbox.keys()).toEqual([]);
  });

  test.each([{ oneTimeRead: false }, { oneTimeRead: true }])(
    "adopt: the program adopts a key that was created by hand (an ES module; One-Time Read: $oneTimeRead)",
    async (options) => {
      const sandbox = await sandboxFor(options);
      const byHand = sandbox.add({ name: "ci-deployer" });
      const stack = await example("adopt", sandbox);
      if (options.oneTimeRead) {
        expect((await stack.up()).all).toContain('set `adopt: "replace"`');
        await stack.setConfig("adopt", "replace");
      }
      expect(await stack.up()).toMatchObject(succeeds);
      const [key, ...others] = sandbox.keys();
      expect(others).toEqual([]);
      expect(key?.name).toBe("ci-deployer");
      expect(key?.key === byHand.key).toBe(!options.oneTimeRead);
      expect(await stack.outputs({ showSecrets: true })).toMatchObject({ hash: key?.key });
      await stack.setConfig("keyName", "ci");
      expect(await stack.up()).toMatchObject(succeeds);
      expect(sandbox.keys()).toEqual([{ ...key, name: "ci" }]);
      expect(await stack.destroy()).toMatchObject(succeeds);
      expect(sandbox.keys()).toEqual([]);
    },
  );

  test("organisations: each organisation gets its own key", async () => {
    const [home, eu] = [await sandboxFor(), await sandboxFor({ oneTimeRead: true })];
    const stack = await example("organisations", home);
    const { config, secrets } = connection("eu", eu);
    for (const [name, value] of Object.entries({ ...config, "datadog-eu:site": "datadoghq.eu" }))
      await stack.setConfig(name, value);
    for (const [name, value] of Object.entries(secrets)) await stack.setConfig(name, value, { secret: true });
    expect(await stack.up()).toMatchObject(succeeds);
    expect(await stack.outputs({ showSecrets: true })).toEqual({
      sites: { home: "datadoghq.com", eu: "datadoghq.eu" },
      hashes: { home: home.keys()[0]?.key, eu: eu.keys()[0]?.key },
    });
    await stack.setConfig("keyName", "ci");
    expect(await stack.up()).toMatchObject(succeeds);
    for (const sandbox of [home, eu]) expect(sandbox.keys()).toMatchObject([{ name: "ci" }]);
    expect(await stack.destroy()).toMatchObject(succeeds);
    for (const sandbox of [home, eu]) expect(sandbox.keys()).toEqual([]);
  });
});

test("every example is a separate project with a README and passes the type check", async () => {
  const entries = await readdir("examples", { withFileTypes: true });
  const examples = entries.filter((entry) => entry.isDirectory()).map(({ name }) => name);
  expect(examples).toEqual(
    expect.arrayContaining([
      "quickstart",
      "rotation",
      "scopes",
      "service-account",
      "adopt",
      "organisations",
      "consumers",
    ]),
  );
  const list = await readFile("examples/README.md", "utf8");
  for (const name of examples) {
    expect(list).toContain(`](${name}/README.md)`);
    const folder = path.join("examples", name);
    const files = await readdir(folder);
    expect(files, name).toEqual(expect.arrayContaining(["Pulumi.yaml", "README.md", "package.json"]));
    expect(await readFile(path.join(folder, "Pulumi.yaml"), "utf8")).toContain(`name: ${name}\n`);
    const manifest = JSON.parse(await readFile(path.join(folder, "package.json"), "utf8")) as Record<string, unknown>;
    expect(manifest).toMatchObject({ name, private: true, main: expect.stringMatching(sources) as string });
    // With `exports`, TypeScript would resolve this package's name to the checkout.
    expect(manifest).not.toHaveProperty("exports");
    // The consumers' own test installs their packages.
    if (files.includes("tsconfig.json") && name !== "consumers")
      await execa("tsc", ["-p", folder], { preferLocal: true });
  }
});
