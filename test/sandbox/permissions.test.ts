import { describe, expect, test } from "vitest";
import type { Permission } from "../../sandbox/index";
import { keyBody, start, userByHandle } from "./support/start";

const v1 = "/api/v1/application_key";
const own = "/api/v2/current_user/application_keys";
const all = "/api/v2/application_keys";

/** Starts a sandbox whose user "limited" has these permissions, with a key of that user and a key of another. */
async function startAs(...permissions: Permission[]) {
  const { sandbox, call } = await start({
    users: [
      { handle: "limited@example.com", permissions },
      { handle: "robot", serviceAccount: true },
    ],
  });
  const user = userByHandle(sandbox, "limited@example.com");
  const robot = userByHandle(sandbox, "robot");
  const mine = sandbox.add({ name: "mine", owner: user.id });
  const theirs = sandbox.add({ name: "theirs" });
  const status = async (method: string, path: string, body?: unknown) =>
    (await call(method, path, { as: user, ...(body !== undefined && { body }) })).status;
  const list = async (path: string) => (await call("GET", path, { as: user })).json;
  return { sandbox, call, user, robot, mine, theirs, status, list };
}

describe("permissions", () => {
  test("if a user has none, every request for keys answers 403", async () => {
    const { status, mine, robot } = await startAs();
    const body = keyBody({ name: "x" }, mine.id);
    for (const path of [v1, own, all, `/api/v2/service_accounts/${robot.id}/application_keys`])
      expect(await status("GET", path)).toBe(403);
    expect(await status("POST", v1, { name: "x" })).toBe(403);
    expect(await status("POST", own, body)).toBe(403);
    for (const path of [`${own}/${mine.id}`, `${all}/${mine.id}`]) {
      expect(await status("GET", path)).toBe(403);
      expect(await status("PATCH", path, body)).toBe(403);
      expect(await status("DELETE", path)).toBe(403);
    }
    for (const [method, sent] of [["GET"], ["PUT", { name: "x" }], ["DELETE"]] as const)
      expect(await status(method, `${v1}/${mine.key}`, sent)).toBe(403);
  });

  test("user_app_keys is enough for one's own keys, but not for others", async () => {
    const { status, list, mine, theirs } = await startAs("user_app_keys");
    expect(await list(v1)).toMatchObject({ application_keys: [{ name: "mine" }] });
    expect(await status("GET", `${v1}/${mine.key}`)).toBe(200);
    expect(await status("PUT", `${v1}/${theirs.key}`, { name: "x" })).toBe(403);
    expect(await status("DELETE", `${v1}/${theirs.key}`)).toBe(403);
    expect(await list(own)).toMatchObject({ data: [{ id: mine.id }], meta: { page: { total_filtered_count: 1 } } });
    expect(await status("GET", `${own}/${mine.id}`)).toBe(200);
    expect(await status("GET", `${all}/${mine.id}`)).toBe(403);
    expect(await status("POST", v1, { name: "more" })).toBe(200);
    expect(await status("PUT", `${v1}/${mine.key}`, { name: "renamed" })).toBe(200);
    expect(await status("DELETE", `${own}/${mine.id}`)).toBe(204);
  });

  test("org_app_keys_read shows all keys and changes none", async () => {
    const { status, list, theirs } = await startAs("org_app_keys_read");
    expect(await list(v1)).toMatchObject({ application_keys: [{ name: "mine" }, { name: "theirs" }] });
    expect(await status("GET", `${v1}/${theirs.key}`)).toBe(200);
    expect(await status("GET", `${all}/${theirs.id}`)).toBe(200);
    expect(await status("PATCH", `${all}/${theirs.id}`, keyBody({ name: "x" }, theirs.id))).toBe(403);
    expect(await status("DELETE", `${all}/${theirs.id}`)).toBe(403);
    expect(await status("DELETE", `${v1}/${theirs.key}`)).toBe(403);
    expect(await status("POST", v1, { name: "x" })).toBe(403);
  });

  test("org_app_keys_write changes all keys and lists none", async () => {
    const { status, theirs } = await startAs("org_app_keys_write");
    expect(await status("GET", all)).toBe(403);
    expect(await status("PATCH", `${all}/${theirs.id}`, keyBody({ name: "x" }, theirs.id))).toBe(200);
    expect(await status("DELETE", `${all}/${theirs.id}`)).toBe(204);
  });

  test("service_account_write is needed to create and list a service account's keys", async () => {
    const keys = (id: string) => `/api/v2/service_accounts/${id}/application_keys`;
    const without = await startAs("user_app_keys", "org_app_keys_read", "org_app_keys_write");
    expect(await without.status("POST", keys(without.robot.id), keyBody({ name: "x" }))).toBe(403);
    expect(await without.status("GET", keys(without.robot.id))).toBe(403);
    const within = await startAs("service_account_write");
    expect(await within.status("POST", keys(within.robot.id), keyBody({ name: "x" }))).toBe(201);
    expect(await within.status("GET", keys(within.robot.id))).toBe(200);
  });

  test("user_access_read is needed to read other users, but not to read oneself", async () => {
    const { sandbox, status } = await startAs("user_app_keys");
    expect(await status("GET", `/api/v2/users/${sandbox.users[0]?.id ?? ""}`)).toBe(403);
    expect(await status("GET", "/api/v2/current_user")).toBe(200);
  });

  test("a key works for its owner, within its scopes, until it is revoked", async () => {
    const { sandbox, call } = await start({ user: "admin" });
    const free = sandbox.add({ name: "free" });
    const scoped = sandbox.add({ name: "scoped", scopes: ["user_app_keys"] });
    const list = async (path: string, appKey: string) => (await call("GET", path, { as: { appKey } })).status;
    expect(await list(all, free.key)).toBe(200);
    expect(await list(own, scoped.key)).toBe(200);
    expect(await list(all, scoped.key)).toBe(403);
    sandbox.revoke(free.id);
    expect(await list(all, free.key)).toBe(403);
  });
});
