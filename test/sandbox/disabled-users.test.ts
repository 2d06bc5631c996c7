import { describe, expect, test } from "vitest";
import { keyBody, start } from "./support/start";

const own = "/api/v2/current_user/application_keys";
const robot = { handle: "robot", serviceAccount: true };

describe("DELETE of a user", () => {
  test.each(["colleague", "robot"])(
    "disables the %s: it answers 204, the keys are revoked, and the credentials no longer work",
    async (who) => {
      const { sandbox, call } = await start({ user: "admin", users: [robot], keys: [{ name: "kept" }] });
      const user = sandbox.user(who);
      const { key } = sandbox.add({ name: "revoked", owner: user.id });
      expect(await call("DELETE", `/api/v2/users/${user.id}`)).toMatchObject({ status: 204, text: "" });
      expect(sandbox.keys()).toMatchObject([{ name: "kept" }]);
      for (const appKey of [user.appKey, user.accessToken, key])
        expect((await call("GET", own, { as: { appKey } })).status).toBe(403);
      expect((await call("GET", `/api/v2/users/${user.id}`)).json).toMatchObject({
        data: { attributes: { disabled: true, status: "Disabled" } },
      });
      expect(user.disabled).toBe(true);
    },
  );

  test("leaves a service account without new keys, and its old keys are not found", async () => {
    const { sandbox, call } = await start({ user: "admin", users: [robot] });
    const { id } = sandbox.user("robot");
    const keys = `/api/v2/service_accounts/${id}/application_keys`;
    const key = sandbox.add({ name: "ci", owner: id });
    await call("DELETE", `/api/v2/users/${id}`);
    expect((await call("GET", `${keys}/${key.id}`)).status).toBe(404);
    expect((await call("GET", keys)).json).toMatchObject({ data: [] });
    expect((await call("POST", keys, { body: keyBody({ name: "ci" }) })).status).toBe(404);
    expect(sandbox.keys()).toEqual([]);
  });

  test("needs user_access_manage, but for a service account service_account_write is enough", async () => {
    const { sandbox, call } = await start({
      users: [
        robot,
        { handle: "hr@example.com", permissions: ["user_access_manage"] },
        { handle: "ops@example.com", permissions: ["service_account_write"] },
      ],
    });
    const status = async (as: string, user: string) =>
      (await call("DELETE", `/api/v2/users/${sandbox.user(user).id}`, { as: sandbox.user(as) })).status;
    expect(await status("user", "robot")).toBe(403);
    expect(await status("user", "colleague")).toBe(403);
    expect(await status("ops", "colleague")).toBe(403);
    expect(await status("ops", "robot")).toBe(204);
    expect(await status("hr", "colleague")).toBe(204);
    expect(sandbox.users.filter(({ disabled }) => disabled).map(({ handle }) => handle)).toEqual([
      "colleague@example.com",
      "robot",
    ]);
  });

  test("answers 404 for an unknown id", async () => {
    const { call } = await start({ user: "admin" });
    expect(await call("DELETE", "/api/v2/users/00000000-0000-4000-8000-000000000000")).toMatchObject({
      status: 404,
      json: { errors: ["User not found"] },
    });
  });
});
