import { expect, test } from "vitest";
import { credentialsOf, importFolders, importProject } from "../support/import-command.ts";
import { connection, credentials } from "../support/sandboxed.ts";

interface StoredResource {
  urn: string;
  type: string;
  id: string;
  inputs: Record<string, unknown>;
  outputs: Record<string, unknown>;
}

async function storedKeys(stack: { export: () => Promise<string> }): Promise<StoredResource[]> {
  const { resources = [] } = (JSON.parse(await stack.export()) as { deployment: { resources?: StoredResource[] } })
    .deployment;
  return resources.filter(({ type }) => type === "pulumi-nodejs:dynamic/datadog:ApplicationKey");
}

const noChange = { flags: ["--expect-no-changes"] };

test("a dry run prints a table, sends only reads, and changes nothing", async () => {
  const { sandbox, stack, since, run, temporary } = await importProject(
    { oneTimeRead: true },
    { settings: () => ({}), env: {} },
  );
  sandbox.add({ name: "ci-a", id: "00000000-0000-0000-0000-00000000000a" });
  sandbox.add({ name: "cd" });
  since();
  const { exitCode, stdout } = await run(["--match", "ci-*", "--as", "cd=deployer", "--dry-run"], {
    env: credentials(sandbox),
  });
  expect(exitCode).toBe(0);
  expect(stdout).toBe(
    `KEY     ID                                    RESOURCE  PLAN
"ci-a"  00000000-0000-0000-0000-00000000000a  ci-a      import, with a secret that you give
"cd"    ${sandbox.keys()[1]?.id ?? ""}  deployer  import, with a secret that you give`,
  );
  expect(since().filter((request) => !request.startsWith("GET "))).toEqual([]);
  expect(await storedKeys(stack)).toEqual([]);
  expect(await importFolders(temporary)).toEqual([]);
});

test("keys that the stack already has are left out, whichever API lists them, and no key is imported twice", async () => {
  const { sandbox, project, stack, run, follow } = await importProject();
  await project.setProgram(
    'import { ApplicationKey } from "pulumi-datadog-application-key";\n' +
      'new ApplicationKey("own", { name: "made by the program" });\n' +
      'new ApplicationKey("new", { name: "new through v2", apiVersion: "v2" });',
    "mjs",
  );
  expect(await stack.up()).toMatchObject({ exitCode: 0 });
  sandbox.add({ name: "ci" });
  sandbox.add({ name: "restricted", scopes: ["monitors_read", "dashboards_read"] });
  const before = sandbox.keys();

  const first = await run(["--all", "--yes", "--as", "ci=own-ci"]);
  expect(first.exitCode, first.all).toBe(0);
  for (const [key, resource] of Object.entries({ "made by the program": "own", "new through v2": "new" }))
    expect(first.stderr).toMatch(new RegExp(`Left out: .*"${key}".*: the stack already has it, as "${resource}"`));
  expect(first.stdout).toContain(`
new ApplicationKey("own-ci", { name: "ci" });
new ApplicationKey("restricted", { name: "restricted", scopes: ["dashboards_read", "monitors_read"] });`);
  expect(await storedKeys(stack)).toHaveLength(4);

  // v2 knows a key of v1 by another id, and no longer shows its secret.
  sandbox.setOneTimeRead(true);
  const again = await run(["--all", "--yes", "--as", "ci=own-ci"]);
  expect(again).toMatchObject({ exitCode: 0, stdout: "" });
  expect(again.stderr.match(/the stack already has it/g)).toHaveLength(4);
  expect(again.stderr).toContain("There is nothing to import.");

  await follow(
    first,
    (lines) => `${lines}
    new ApplicationKey("own", { name: "made by the program" });
    new ApplicationKey("new", { name: "new through v2", apiVersion: "v2" });`,
  );
  expect(await stack.preview(noChange)).toMatchObject({ exitCode: 0 });
  expect(sandbox.keys()).toEqual(before);
});

test("an imported key keeps its scopes in a rotation, although v1 does not show them", async () => {
  const { sandbox, stack, run, follow } = await importProject();
  sandbox.add({ name: "restricted", scopes: ["dashboards_read"] });
  const imported = await run(["restricted", "--yes"]);
  await follow(imported, (lines) => lines.replace(" });", ', keepers: { turn: "2" } });'));
  expect(await stack.up()).toMatchObject({ exitCode: 0 });
  expect(sandbox.keys()).toMatchObject([{ name: "restricted", scopes: ["dashboards_read"] }]);
  expect(sandbox.everyKeyEverMade()).toHaveLength(2);
});

test("if the configuration sets v2, the secrets come from v2", async () => {
  const { sandbox, stack, since, run, follow } = await importProject(
    {},
    {
      settings: (sandbox) => {
        const { config, secrets } = credentialsOf(sandbox);
        return { config: { ...config, "datadog:apiVersion": "v2" }, ...(secrets && { secrets }) };
      },
    },
  );
  for (const name of ["a", "b", "c"]) sandbox.add({ name });
  since();
  const imported = await run(["--all", "--yes"]);
  expect(imported.exitCode, imported.all).toBe(0);
  const one = "GET /api/v2/current_user/application_keys/{app_key_id} 200";
  expect(since().sort()).toEqual([
    "GET /api/v2/actions/app_key_registrations 200",
    "GET /api/v2/current_user 200",
    "GET /api/v2/current_user/application_keys 200",
    one,
    one,
    one,
  ]);
  await follow(imported);
  expect(await stack.preview(noChange)).toMatchObject({ exitCode: 0 });
  expect((await storedKeys(stack)).map(({ id }) => id).sort()).toEqual(
    sandbox
      .keys()
      .map(({ id }) => id)
      .sort(),
  );
  const ids = { orgId: sandbox.orgId, ownerId: sandbox.user("user").id };
  for (const { urn, inputs, outputs } of await storedKeys(stack)) {
    const __resource = urn.split("::").slice(2).join("::");
    expect(inputs).toMatchObject({ __resource });
    expect(outputs).toMatchObject({ __resource, ...ids });
  }

  // The stack knows them by their UUIDs, even through v1 and after a rename by hand.
  sandbox.rename(sandbox.keys()[0]?.id ?? "", "renamed");
  await stack.setConfig("datadog:apiVersion", "v1");
  const again = await run(["--all", "--dry-run"]);
  expect(again.stdout.match(/leave out: the stack already has it/g)).toHaveLength(3);
});

test("a key is imported with its Actions API access through v1 and v2, and one list shows the access of all keys", async () => {
  const { sandbox, stack, run, since, follow } = await importProject();
  const registrations = `${sandbox.url}/api/v2/actions/app_key_registrations`;
  const headers = { "DD-API-KEY": sandbox.apiKey, "DD-APPLICATION-KEY": sandbox.appKey };
  for (const name of ["workflows", "plain", "scoped"]) {
    const { id } = sandbox.add({ name, ...(name === "scoped" && { scopes: ["dashboards_read"] }) });
    if (name !== "plain") await fetch(`${registrations}/${id}`, { method: "PUT", headers });
  }
  since();
  const imported = await run(["--all", "--yes"]);
  expect(imported.exitCode, imported.all).toBe(0);
  expect(since().filter((request) => request.includes("registrations"))).toHaveLength(1);
  expect(imported.stdout).toContain(`
new ApplicationKey("workflows", { name: "workflows", actionsApi: true });
new ApplicationKey("plain", { name: "plain" });
new ApplicationKey("scoped", { name: "scoped", scopes: ["dashboards_read"], actionsApi: true });`);
  await follow(imported);
  expect(await stack.preview(noChange)).toMatchObject({ exitCode: 0 });
  expect((await stack.refresh(noChange)).exitCode).toBe(0);
  // The state has the registration that Datadog has, so a program with a different value changes it.
  await follow(imported, (lines) => lines.replaceAll(", actionsApi: true", ""));
  expect(await stack.up()).toMatchObject({ exitCode: 0, stdout: expect.stringMatching(/~ 2 updated/) as string });
  expect(sandbox.keys().map(({ actionsApi }) => actionsApi)).toEqual([false, false, false]);
});

test("if Datadog does not show who has Actions API access, the keys are imported anyway, with a warning", async () => {
  const { sandbox, stack, run, follow } = await importProject({ oneTimeRead: true });
  const { key } = sandbox.add({ name: "ci" });
  sandbox.fail({ kind: "status", status: 403, route: "app_key_registrations", times: Infinity });
  const imported = await run(["ci", "--yes"], { input: key });
  expect(imported.exitCode, imported.all).toBe(0);
  expect(imported.stderr).toContain("Cannot tell which keys have Actions API access: 403");
  await follow(imported);
  expect(await stack.preview(noChange)).toMatchObject({ exitCode: 0 });
});

test("the keys of a service account or a connection are imported with the arguments that the program needs for them", async () => {
  const account = "00000000-0000-4000-8000-00000000000a";
  const { sandbox, stack, run, follow } = await importProject(
    { user: "admin", users: [{ id: account, serviceAccount: true }] },
    { settings: (sandbox) => connection("eu", sandbox) },
  );
  const { key } = sandbox.add({ name: "bot", owner: account });
  sandbox.add({ name: "mine" });
  const bot = await run(["--all", "--service-account", account, "--connection", "eu", "--yes"], { input: key });
  expect(bot.exitCode, bot.all).toBe(0);
  const mine = await run(["mine", "--connection", "eu", "--yes"]);
  expect(mine.exitCode, mine.all).toBe(0);
  expect(bot.stdout).toContain(
    `new ApplicationKey("bot", { name: "bot", connection: "eu", serviceAccountId: "${account}" });`,
  );
  const line = 'new ApplicationKey("mine", { name: "mine", connection: "eu" });';
  expect(mine.stdout).toContain(line);
  await follow(bot, (lines) => `${lines}\n${line}`);
  expect(await stack.preview(noChange)).toMatchObject({ exitCode: 0 });
  expect(await stack.destroy()).toMatchObject({ exitCode: 0 });
  expect(sandbox.keys()).toEqual([]);
});

test("--all leaves out the key that the command itself uses, and other users' keys cannot be imported", async () => {
  const { sandbox, run, stack } = await importProject({ user: "admin", users: [{ handle: "other@example.com" }] });
  sandbox.add({ name: "signing", key: sandbox.appKey });
  sandbox.add({ name: "theirs", owner: "other@example.com" });
  sandbox.add({ name: "mine" });
  const { exitCode, stderr } = await run(["--all", "--yes"]);
  expect(exitCode).toBe(0);
  expect(stderr).toMatch(/Left out: application key "signing".*this command uses it for its requests/);
  expect((await storedKeys(stack)).map(({ outputs }) => outputs["name"])).toEqual(["mine"]);
  expect(await run(["theirs", "--yes"])).toMatchObject({
    exitCode: 1,
    stderr: expect.stringContaining('None of your own keys has the name or id "theirs"') as string,
  });
});
