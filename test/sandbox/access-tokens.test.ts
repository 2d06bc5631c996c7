import { expect, test } from "vitest";
import { keyBody, start } from "./support/start";

const v1 = "/api/v1/application_key";
const own = "/api/v2/current_user/application_keys";
const all = "/api/v2/application_keys";

/** The ways to send a token. Neither sends an API key. */
const ways = {
  "in the application key's header": (token: string) => ({ "dd-api-key": undefined, "dd-application-key": token }),
  "as a bearer token": (token: string) => ({
    "dd-api-key": undefined,
    "dd-application-key": undefined,
    authorization: `Bearer ${token}`,
  }),
};

test.each(Object.entries(ways))(
  "an access token %s can read and revoke keys, but not create or change them",
  async (_, by) => {
    const { sandbox, call } = await start({ keys: [{ name: "one" }, { name: "two" }] });
    const [one, two] = sandbox.keys();
    if (!one || !two) throw new Error("there are no keys");
    const headers = by(sandbox.user("user").accessToken);
    const status = async (method: string, path: string, body?: unknown) =>
      (await call(method, path, { headers, ...(body !== undefined && { body }) })).status;
    for (const path of [v1, own, `${own}/${one.id}`, `${v1}/${one.key}`, "/api/v2/current_user"])
      expect(await status("GET", path)).toBe(200);
    expect(await status("POST", v1, { name: "x" })).toBe(403);
    expect(await status("POST", own, keyBody({ name: "x" }))).toBe(403);
    expect(await status("PUT", `${v1}/${one.key}`, { name: "x" })).toBe(403);
    expect(await status("PATCH", `${own}/${one.id}`, keyBody({ name: "x" }, one.id))).toBe(403);
    expect(sandbox.keys()).toMatchObject([{ name: "one" }, { name: "two" }]);
    expect(await status("DELETE", `${v1}/${one.key}`)).toBe(200);
    expect(await status("DELETE", `${own}/${two.id}`)).toBe(204);
    expect(sandbox.keys()).toEqual([]);
  },
);

test("a token has the permissions of its user and no others", async () => {
  const { sandbox, call } = await start({ users: [{ handle: "robot", serviceAccount: true }] });
  const status = async (token: string, path: string) =>
    (await call("GET", path, { headers: ways["as a bearer token"](token) })).status;
  expect(await status(sandbox.user("user").accessToken, all)).toBe(403);
  expect(await status(sandbox.user("admin").accessToken, all)).toBe(200);
  expect(await status(sandbox.user("robot").accessToken, own)).toBe(200);
  expect(sandbox.user("user").accessToken).toMatch(/^ddpat_[A-Za-z0-9]{40}$/);
  expect(sandbox.user("robot").accessToken).toMatch(/^ddsat_[A-Za-z0-9]{40}$/);
});

test("an unknown token and an application key are refused as bearer tokens, and a token is refused as an API key", async () => {
  const { sandbox, call } = await start();
  const { accessToken } = sandbox.user("user");
  for (const token of [sandbox.appKey, `${accessToken}x`, ""])
    expect((await call("GET", own, { headers: { authorization: `Bearer ${token}` } })).status).toBe(
      token === "" ? 200 : 403,
    );
  expect((await call("GET", own, { headers: { "dd-api-key": accessToken } })).status).toBe(403);
});

test("no log line and no recorded request shows a token", async () => {
  const lines: string[] = [];
  const { sandbox, call } = await start({ log: (line) => lines.push(line) });
  const { accessToken } = sandbox.user("user");
  await call("GET", `${own}/${accessToken}?filter=${accessToken}`, { as: { appKey: accessToken } });
  expect(JSON.stringify([lines, sandbox.requests()])).not.toContain(accessToken.slice(-20));
});
