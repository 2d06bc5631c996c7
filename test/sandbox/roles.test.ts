import { describe, expect, test } from "vitest";
import { keyBody, start } from "./support/start";

const v1 = "/api/v1/application_key";
const own = "/api/v2/current_user/application_keys";
const all = "/api/v2/application_keys";

describe("users", () => {
  test("an ordinary user, an administrator and a colleague exist by default, each with their own credentials", async () => {
    const { sandbox, call } = await start();
    expect(sandbox.users.map(({ handle }) => handle)).toEqual([
      "user@example.com",
      "admin@example.com",
      "colleague@example.com",
    ]);
    for (const as of sandbox.users)
      expect((await call("GET", "/api/v2/current_user", { as })).json).toMatchObject({ data: { id: as.id } });
    expect(new Set(sandbox.users.map(({ appKey }) => appKey)).size).toBe(3);
  });

  test("the sandbox returns the credentials of the ordinary user, who may only manage their own keys", async () => {
    const { sandbox, call } = await start({ users: [{ handle: "robot", serviceAccount: true }] });
    const mine = sandbox.add({ name: "mine" });
    const theirs = sandbox.add({ name: "theirs", owner: "colleague" });
    expect(sandbox.appKey).toBe(sandbox.user("user").appKey);
    expect(mine.owner).toBe("user@example.com");
    const status = async (method: string, path: string, body?: unknown) =>
      (await call(method, path, body === undefined ? {} : { body })).status;
    expect((await call("GET", v1)).json).toMatchObject({ application_keys: [{ name: "mine" }] });
    expect(await status("GET", all)).toBe(403);
    expect(await status("GET", `${all}/${mine.id}`)).toBe(403);
    expect(await status("GET", `/api/v2/service_accounts/${sandbox.user("robot").id}/application_keys`)).toBe(403);
    expect(await status("GET", `/api/v2/users/${sandbox.user("colleague").id}`)).toBe(403);
    for (const [method, body] of [["GET"], ["PUT", { name: "x" }], ["DELETE"]] as const)
      expect(await status(method, `${v1}/${theirs.key}`, body)).toBe(403);
    for (const method of ["GET", "DELETE"]) expect(await status(method, `${own}/${theirs.id}`)).toBe(404);
    expect(await status("PATCH", `${own}/${theirs.id}`, keyBody({ name: "x" }, theirs.id))).toBe(404);
    expect(sandbox.keys()).toMatchObject([{ name: "mine" }, { name: "theirs" }]);
  });

  test("the administrator may see, change and revoke all keys, through v1 too", async () => {
    const { sandbox, call } = await start({ user: "admin" });
    expect(sandbox.appKey).toBe(sandbox.user("admin").appKey);
    const one = sandbox.add({ name: "one", owner: "user" });
    const two = sandbox.add({ name: "two", owner: "colleague" });
    expect((await call("GET", v1)).json).toMatchObject({ application_keys: [{ name: "one" }, { name: "two" }] });
    expect((await call("PUT", `${v1}/${one.key}`, { body: { name: "changed" } })).status).toBe(200);
    expect(sandbox.keys()).toMatchObject([{ name: "changed", owner: "user@example.com" }, { name: "two" }]);
    expect((await call("DELETE", `${v1}/${one.key}`)).status).toBe(200);
    expect((await call("DELETE", `${all}/${two.id}`)).status).toBe(204);
    expect(sandbox.keys()).toEqual([]);
    // The endpoint of one's own keys is the same for every user.
    const three = sandbox.add({ name: "three", owner: "user" });
    expect((await call("GET", `${own}/${three.id}`)).status).toBe(404);
  });

  test("a key without an owner belongs to the user whose credentials the sandbox returns, which may be an added user", async () => {
    const { sandbox } = await start({
      user: "ops",
      users: [{ handle: "ops@example.com" }],
      keys: [{ name: "old" }],
    });
    sandbox.add({ name: "new" });
    expect(sandbox.keys().map(({ owner }) => owner)).toEqual(["ops@example.com", "ops@example.com"]);
  });

  test("the error about an unknown user names all users", async () => {
    await expect(start({ user: "root" })).rejects.toThrow(
      'no user "root"; the users are user@example.com, admin@example.com, colleague@example.com',
    );
  });
});
