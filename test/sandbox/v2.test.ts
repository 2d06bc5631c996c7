import { describe, expect, test } from "vitest";
import type { SandboxKey, SandboxUser } from "../../sandbox/index";
import { keyBody, start } from "./support/start";

const own = "/api/v2/current_user/application_keys";
const all = "/api/v2/application_keys";

/** Parts of Datadog's recorded answers, field by field. */
function attributes(key: SandboxKey) {
  const { name, createdAt, scopes } = key;
  return { name, created_at: createdAt, last4: key.key.slice(-4), scopes, last_used_at: null };
}
/**
 * The attributes in the answer to a create. They say nothing about the use of the key, and the time is a microsecond
 * early, as in a recorded answer.
 */
function attributesAtCreation(key: SandboxKey) {
  const { name, createdAt, scopes } = key;
  const [, start = "", end = ""] = /^(.*\.)(\d{6})/.exec(createdAt) ?? [];
  const before = `${start}${String(Number(end) - 1).padStart(6, "0")}+00:00`;
  return { name, created_at: before, last4: key.key.slice(-4), key: key.key, scopes };
}
const leak = { leak_information: { data: null } };
const ownedBy = (id: string) => ({ owned_by: { data: { type: "users", id } } });
function person(user: SandboxUser, orgId?: string) {
  return {
    type: "users",
    id: user.id,
    attributes: {
      ...(orgId !== undefined && { uuid: user.id }),
      name: user.name,
      handle: user.handle,
      created_at: user.createdAt,
      modified_at: user.createdAt,
      email: user.email,
      icon: "",
      title: null,
      verified: true,
      service_account: user.serviceAccount,
      disabled: false,
      allowed_login_methods: [],
      status: "Active",
    },
    relationships: {
      roles: { data: [] },
      ...(orgId !== undefined && { org: { data: { type: "orgs", id: orgId } }, team_roles: { data: [] } }),
    },
  };
}

describe("v2 current_user answers as in Datadog's recordings", () => {
  test("create answers 201 with the whole key", async () => {
    const { sandbox, call } = await start();
    const created = await call("POST", own, { body: keyBody({ name: "ci" }) });
    const [key] = sandbox.keys();
    if (!key) throw new Error("no key was created");
    expect(created.status).toBe(201);
    expect(created.headers.get("content-type")).toBe("application/json");
    expect(created.json).toEqual({
      data: {
        type: "application_keys",
        id: key.id,
        attributes: attributesAtCreation(key),
        relationships: { ...ownedBy(key.ownerId), ...leak },
      },
    });
    expect(key.id).toMatch(/^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/);
    expect(key.key).toHaveLength(40);
    expect(key.createdAt).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}\+00:00$/);
  });

  test("a list's items have neither key nor owner", async () => {
    const { sandbox, call } = await start();
    const key = sandbox.add({ name: "ci" });
    expect((await call("GET", own)).json).toEqual({
      data: [{ type: "application_keys", id: key.id, attributes: attributes(key), relationships: leak }],
      meta: { page: { total_filtered_count: 1 }, max_allowed_per_user: 1000 },
    });
  });

  test("get answers the whole key with its owner included", async () => {
    const { sandbox, call } = await start();
    const key = sandbox.add({ name: "ci" });
    expect((await call("GET", `${own}/${key.id}`)).json).toEqual({
      data: {
        type: "application_keys",
        id: key.id,
        attributes: { ...attributes(key), key: key.key },
        relationships: { ...ownedBy(key.ownerId), ...leak },
      },
      included: [person(sandbox.user("user"))],
    });
  });

  test("edit changes name and scopes, each on its own", async () => {
    const { sandbox, call } = await start();
    const { id } = sandbox.add({ name: "ci" });
    const edit = (change: Record<string, unknown>) => call("PATCH", `${own}/${id}`, { body: keyBody(change, id) });
    expect(await edit({ name: "cd" })).toMatchObject({
      status: 200,
      json: { data: { attributes: { name: "cd", scopes: null, key: expect.any(String) as string } } },
    });
    expect((await edit({ scopes: ["dashboards_read"] })).json).toMatchObject({
      data: { attributes: { name: "cd", scopes: ["dashboards_read"] } },
    });
  });

  test.each([null, []])("edit with scopes %j removes the restriction", async (scopes) => {
    const { sandbox, call } = await start();
    const { id } = sandbox.add({ name: "ci", scopes: ["dashboards_read"] });
    await call("PATCH", `${own}/${id}`, { body: keyBody({ scopes }, id) });
    expect(sandbox.keys()).toMatchObject([{ scopes: null }]);
  });

  test("delete answers 204 with an empty body and the content type of HTML", async () => {
    const { sandbox, call } = await start();
    const { id } = sandbox.add({ name: "ci" });
    const deleted = await call("DELETE", `${own}/${id}`);
    expect(deleted).toMatchObject({ status: 204, text: "" });
    expect(deleted.headers.get("content-type")).toBe("text/html; charset=utf-8");
    expect(sandbox.keys()).toEqual([]);
  });

  test.each(["GET", "PATCH", "DELETE"])("%s of another user's key answers 404", async (method) => {
    const { sandbox, call } = await start();
    const { id } = sandbox.add({ name: "theirs", owner: "colleague" });
    const body = method === "PATCH" ? { body: keyBody({ name: "mine" }, id) } : {};
    expect(await call(method, `${own}/${id}`, body)).toMatchObject({
      status: 404,
      json: { errors: ["Application key not found"] },
    });
    expect(sandbox.keys()).toMatchObject([{ name: "theirs" }]);
  });

  test.each([
    {},
    { data: null },
    { data: { type: "api_keys", attributes: { name: "x" } } },
    { data: { type: "application_keys" } },
    keyBody({}),
    keyBody({ name: "" }),
    keyBody({ name: " \t" }),
    keyBody({ name: "x", scopes: "dashboards_read" }),
    "no JSON",
  ])("create refuses the body %j", async (body) => {
    const { sandbox, call } = await start();
    expect(await call("POST", own, { body })).toMatchObject({
      status: 400,
      json: { errors: [expect.any(String) as string] },
    });
    expect(sandbox.keys()).toEqual([]);
  });

  test("the scopes of all Datadog products are known", async () => {
    const { sandbox, call } = await start();
    const scopes = ["built_in_features", "cases_write", "logs_read_archives", "oncall_page", "user_app_keys"];
    expect((await call("POST", own, { body: keyBody({ name: "x", scopes }) })).status).toBe(201);
    expect(sandbox.keys()).toMatchObject([{ scopes }]);
  });

  test("an unknown scope is refused with Datadog's message", async () => {
    const { call } = await start();
    const body = keyBody({ name: "x", scopes: ["dashboards_read", "dashboards_raed"] });
    expect(await call("POST", own, { body })).toMatchObject({
      status: 400,
      json: { errors: [expect.stringMatching(/^Invalid scopes: dashboards_raed \(near: dashboards_read, /)] },
    });
    const far = keyBody({ name: "x", scopes: ["dashboards_read", "everything", 7] });
    expect(await call("POST", own, { body: far })).toMatchObject({
      json: { errors: ["Invalid scopes: everything, 7"] },
    });
  });

  test.each(["x", "00000000-0000-4000-8000-000000000000", "%20"])("there is no key with the id %s", async (id) => {
    const { call } = await start();
    for (const method of ["GET", "DELETE", "PATCH"])
      expect(
        await call(method, `${own}/${id}`, method === "PATCH" ? { body: keyBody({ name: "x" }, id) } : {}),
      ).toMatchObject({ status: 404, json: { errors: ["Application key not found"] } });
  });

  test("get shows when a key was last used", async () => {
    const { sandbox, call } = await start();
    const { id, key: appKey } = sandbox.add({ name: "ci" });
    const lastUse = async () => {
      const { data } = (await call("GET", `${own}/${id}`)).json as { data: { attributes: { last_used_at: string } } };
      return data.attributes.last_used_at;
    };
    expect(await lastUse()).toBeNull();
    expect((await call("GET", own, { as: { appKey } })).status).toBe(200);
    const first = await lastUse();
    expect(first).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}\+00:00$/);
    await call("GET", own, { as: { appKey } });
    expect((await lastUse()) > first).toBe(true);
  });

  test("edit refuses an id that differs from the one in the path", async () => {
    const { sandbox, call } = await start();
    const { id } = sandbox.add({ name: "ci" });
    const body = keyBody({ name: "cd" }, "00000000-0000-4000-8000-000000000000");
    expect((await call("PATCH", `${own}/${id}`, { body })).status).toBe(400);
    expect((await call("PATCH", `${own}/${id}`, { body: keyBody({ name: "cd" }) })).status).toBe(400);
  });
});

describe("v2 application_keys", () => {
  test("get and edit show the owner and never the secret", async () => {
    const { sandbox, call } = await start({ user: "admin" });
    const key = sandbox.add({ name: "theirs", owner: "colleague" });
    const shown = (name: string) => ({
      type: "application_keys",
      id: key.id,
      attributes: { ...attributes(key), name },
      relationships: { ...ownedBy(key.ownerId), ...leak },
    });
    expect((await call("GET", `${all}/${key.id}`)).json).toEqual({ data: shown("theirs") });
    const edited = await call("PATCH", `${all}/${key.id}`, { body: keyBody({ name: "ours" }, key.id) });
    expect(edited.json).toEqual({ data: shown("ours") });
  });

  test("include=owned_by adds each owner once", async () => {
    const { sandbox, call } = await start({ user: "admin" });
    const key = sandbox.add({ name: "one", owner: "colleague" });
    sandbox.add({ name: "two", owner: "colleague" });
    const other = person(sandbox.user("colleague"));
    expect((await call("GET", `${all}/${key.id}?include=owned_by`)).json).toMatchObject({ included: [other] });
    expect((await call("GET", `${all}?include=owned_by`)).json).toMatchObject({ included: [other] });
    expect((await call("GET", `${own}?include=owned_by`)).json).toMatchObject({ data: [], included: [] });
    expect((await call("GET", `${all}?include=roles`)).status).toBe(400);
  });

  test("the list has all keys, each with its owner", async () => {
    const { sandbox, call } = await start({ user: "admin" });
    const mine = sandbox.add({ name: "a" });
    const theirs = sandbox.add({ name: "b", owner: "colleague" });
    expect((await call("GET", all)).json).toMatchObject({
      data: [
        { id: mine.id, relationships: ownedBy(mine.ownerId) },
        { id: theirs.id, relationships: ownedBy(theirs.ownerId) },
      ],
      meta: { page: { total_filtered_count: 2 } },
    });
  });

  test("there is no endpoint for creation", async () => {
    const { sandbox, call } = await start({ user: "admin" });
    const refused = await call("POST", all, { body: keyBody({ name: "x" }) });
    expect(refused.status).toBe(405);
    expect(refused.headers.get("allow")).toBe("GET");
    expect(sandbox.keys()).toEqual([]);
  });

  test("delete revokes another user's key", async () => {
    const { sandbox, call } = await start({ user: "admin" });
    const { id } = sandbox.add({ name: "theirs", owner: "colleague" });
    expect((await call("DELETE", `${all}/${id}`)).status).toBe(204);
    expect((await call("DELETE", `${all}/${id}`)).status).toBe(404);
  });
});

describe("v2 service accounts", () => {
  async function withRobot() {
    const started = await start({
      user: "admin",
      users: [{ name: "robot", email: "robot@example.com", serviceAccount: true }],
    });
    const robot = started.sandbox.users.find(({ serviceAccount }) => serviceAccount);
    if (!robot) throw new Error("no service account");
    return { ...started, robot, keys: `/api/v2/service_accounts/${robot.id}/application_keys` };
  }

  test("only the answer to a create has the secret and the owner", async () => {
    const { sandbox, call, robot, keys } = await withRobot();
    const created = await call("POST", keys, { body: keyBody({ name: "ci" }) });
    const [key] = sandbox.keys();
    if (!key) throw new Error("no key was created");
    // The Terraform provider's tests expect whole seconds here.
    const inSeconds = { created_at: `${key.createdAt.slice(0, 19)}Z` };
    const shown = {
      type: "application_keys",
      id: key.id,
      attributes: { ...attributes(key), ...inSeconds },
      relationships: leak,
    };
    expect(created).toMatchObject({
      status: 201,
      json: { data: { attributes: { key: key.key, ...inSeconds }, relationships: ownedBy(robot.id) } },
    });
    expect((await call("GET", `${keys}/${key.id}`)).json).toEqual({ data: shown });
    expect((await call("GET", keys)).json).toMatchObject({ data: [shown] });
    const edited = await call("PATCH", `${keys}/${key.id}`, { body: keyBody({ name: "ci" }, key.id) });
    expect(edited.json).toEqual({ data: shown });
    expect((await call("DELETE", `${keys}/${key.id}`)).status).toBe(204);
  });

  test("a person or an unknown id is not accepted as a service account", async () => {
    const { sandbox, call } = await withRobot();
    for (const id of [sandbox.user("user").id, "00000000-0000-4000-8000-000000000000"])
      expect((await call("GET", `/api/v2/service_accounts/${id}/application_keys`)).status).toBe(404);
  });

  test("another owner's key is not found there", async () => {
    const { sandbox, call, keys } = await withRobot();
    const mine = sandbox.add({ name: "mine" });
    expect((await call("GET", `${keys}/${mine.id}`)).status).toBe(404);
  });

  test("a request can create one, and its handle is its id", async () => {
    const { sandbox, call } = await start({ user: "admin" });
    const body = { data: { type: "users", attributes: { email: "bot@example.com", service_account: true } } };
    const created = await call("POST", "/api/v2/service_accounts", { body });
    const bot = sandbox.users.at(-1);
    expect(created).toMatchObject({ status: 201, json: { data: { id: bot?.id } } });
    expect(bot).toMatchObject({ handle: bot?.id, email: "bot@example.com", serviceAccount: true });
  });
});

describe("v2 users", () => {
  test("current_user is the owner of the application key, with the organisation", async () => {
    const { sandbox, call } = await start({ user: "admin" });
    const other = sandbox.user("colleague");
    expect((await call("GET", "/api/v2/current_user", { as: other })).json).toEqual({
      data: person(other, sandbox.orgId),
    });
  });

  test("a user is found by id, and no other id finds anyone", async () => {
    const { sandbox, call } = await start({ user: "admin" });
    const other = sandbox.user("colleague");
    expect((await call("GET", `/api/v2/users/${other.id}`)).json).toEqual({
      data: person(other, sandbox.orgId),
    });
    expect(await call("GET", `/api/v2/users/${other.handle}`)).toMatchObject({
      status: 404,
      json: { errors: ["User not found"] },
    });
  });

  test("two organisations have the same users with different ids and credentials", async () => {
    const [one, two] = [await start(), await start({ orgId: "0a9b0000-0000-4000-8000-000000000002" })];
    expect(two.sandbox.orgId).toBe("0a9b0000-0000-4000-8000-000000000002");
    expect(one.sandbox.orgId).not.toBe(two.sandbox.orgId);
    const [here, there] = [one.sandbox.user("user"), two.sandbox.user("user")];
    expect(there.email).toBe(here.email);
    expect(there.id).not.toBe(here.id);
    const own = "/api/v2/current_user";
    expect((await one.call("GET", own)).json).toMatchObject({ data: { id: here.id } });
    expect((await two.call("GET", own)).json).toMatchObject({ data: { id: there.id } });
    expect((await two.call("GET", own, { as: here })).status).toBe(403);
  });
});
