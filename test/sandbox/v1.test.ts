import { describe, expect, test } from "vitest";
import { start } from "./support/start";

const path = "/api/v1/application_key";

describe("v1 answers as documented", () => {
  test("create answers 200 with the secret in `hash`", async () => {
    const { sandbox, call } = await start();
    const created = await call("POST", path, { body: { name: "example user" } });
    const [key] = sandbox.keys();
    expect(created.status).toBe(200);
    expect(created.headers.get("content-type")).toBe("application/json");
    expect(created.json).toEqual({
      application_key: { hash: key?.key, name: "example user", owner: "user@example.com" },
    });
    expect(key?.key).toMatch(/^ddapp_[A-Za-z0-9]{34}$/);
  });

  test("list shows every key with its secret", async () => {
    const { sandbox, call } = await start();
    const one = sandbox.add({ name: "one" });
    const two = sandbox.add({ name: "two" });
    expect((await call("GET", path)).json).toEqual({
      application_keys: [
        { hash: one.key, name: "one", owner: "user@example.com" },
        { hash: two.key, name: "two", owner: "user@example.com" },
      ],
    });
  });

  test("get, edit and delete answer 200 with the key, after a delete as it was before", async () => {
    const { sandbox, call } = await start();
    const { key } = sandbox.add({ name: "before" });
    const shown = (name: string) => ({ application_key: { hash: key, name, owner: "user@example.com" } });
    expect(await call("GET", `${path}/${key}`)).toMatchObject({ status: 200, json: shown("before") });
    expect(await call("PUT", `${path}/${key}`, { body: { name: "after" } })).toMatchObject({
      status: 200,
      json: shown("after"),
    });
    expect(await call("DELETE", `${path}/${key}`)).toMatchObject({ status: 200, json: shown("after") });
    expect(sandbox.keys()).toEqual([]);
  });

  test.each(["GET", "PUT", "DELETE"])("%s of an unknown key answers 404", async (method) => {
    const { call } = await start();
    const body = method === "PUT" ? { body: { name: "x" } } : {};
    expect(await call(method, `${path}/${"0".repeat(40)}`, body)).toMatchObject({
      status: 404,
      json: { errors: ["Application key not found"] },
    });
  });

  test.each([{}, { name: "" }, { name: "  " }, { name: 7 }, { name: null }, [], "no JSON", ""])(
    "create refuses the body %j",
    async (body) => {
      const { sandbox, call } = await start();
      const refused = await call("POST", path, { body });
      expect(refused.status).toBe(400);
      expect(refused.json).toEqual({ errors: [expect.any(String)] });
      expect(sandbox.keys()).toEqual([]);
    },
  );

  test("validate checks only the API key", async () => {
    const { call } = await start();
    const validate = (headers: Record<string, string | undefined>) => call("GET", "/api/v1/validate", { headers });
    expect(await validate({ "dd-application-key": undefined })).toMatchObject({ status: 200, json: { valid: true } });
    expect(await validate({ "dd-api-key": "wrong" })).toMatchObject({ status: 403, json: { errors: ["Forbidden"] } });
  });

  test("keys of service accounts are not available, because v1 would show their secrets", async () => {
    const { sandbox, call } = await start({ users: [{ name: "robot", serviceAccount: true }] });
    const robot = sandbox.users.find(({ serviceAccount }) => serviceAccount);
    const key = sandbox.add({ name: "robot's", owner: robot?.id ?? "" });
    expect((await call("GET", path)).json).toEqual({ application_keys: [] });
    expect((await call("GET", `${path}/${key.key}`)).status).toBe(404);
  });
});
