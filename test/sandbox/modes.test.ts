import { describe, expect, test } from "vitest";
import { keyBody, start } from "./support/start";

const v1 = "/api/v1/application_key";
const own = "/api/v2/current_user/application_keys";
const whole = { attributes: { key: expect.any(String) as string } };

describe("unique names", () => {
  test.each([
    ["organisation", "colleague"],
    ["organisation", "user"],
    ["owner", "user"],
  ] as const)("within the %s refuse a second key with the name of a key of the %s (409)", async (within, owner) => {
    const { sandbox, call } = await start({ uniqueNames: within });
    sandbox.add({ name: "ci", owner });
    expect(await call("POST", v1, { body: { name: "ci" } })).toMatchObject({
      status: 409,
      json: { errors: [expect.any(String) as string] },
    });
    expect((await call("POST", own, { body: keyBody({ name: "ci" }) })).status).toBe(409);
    expect(sandbox.keys()).toHaveLength(1);
  });

  test("refuse a rename to a taken name with 409, but not a rename to the key's own name", async () => {
    const { sandbox, call } = await start();
    sandbox.add({ name: "taken", owner: "colleague" });
    const { id, key } = sandbox.add({ name: "ci" });
    expect((await call("PUT", `${v1}/${key}`, { body: { name: "taken" } })).status).toBe(409);
    expect((await call("PATCH", `${own}/${id}`, { body: keyBody({ name: "taken" }, id) })).status).toBe(409);
    expect((await call("PUT", `${v1}/${key}`, { body: { name: "ci" } })).status).toBe(200);
    expect((await call("PATCH", `${own}/${id}`, { body: keyBody({ name: "ci" }, id) })).status).toBe(200);
  });

  test("allow another owner the same name if they are unique per owner", async () => {
    const { sandbox, call } = await start({ uniqueNames: "owner" });
    sandbox.add({ name: "ci", owner: "colleague" });
    expect((await call("POST", v1, { body: { name: "ci" } })).status).toBe(200);
  });

  test("are free again once the key is renamed or revoked", async () => {
    const { sandbox, call } = await start();
    const renamed = sandbox.add({ name: "a" });
    const revoked = sandbox.add({ name: "b", owner: "colleague" });
    sandbox.rename(renamed.id, "c");
    sandbox.revoke(revoked.id);
    for (const name of ["a", "b"]) expect((await call("POST", v1, { body: { name } })).status).toBe(200);
    expect((await call("POST", v1, { body: { name: "c" } })).status).toBe(409);
  });

  test("can be switched off", async () => {
    const { sandbox, call } = await start({ uniqueNames: false });
    for (const body of [{ name: "ci" }, { name: "ci" }]) expect((await call("POST", v1, { body })).status).toBe(200);
    expect(sandbox.keys().map(({ name }) => name)).toEqual(["ci", "ci"]);
  });
});

describe("One-Time Read", () => {
  test("shows the secret only in the answer to the create", async () => {
    const { sandbox, call } = await start({ oneTimeRead: true });
    const created = await call("POST", own, { body: keyBody({ name: "ci" }) });
    expect(created).toMatchObject({ status: 201, json: { data: whole } });
    const id = sandbox.keys()[0]?.id ?? "";
    const read = await call("GET", `${own}/${id}`);
    const edited = await call("PATCH", `${own}/${id}`, { body: keyBody({ name: "cd" }, id) });
    for (const { status, json } of [read, edited]) {
      expect(status).toBe(200);
      expect(json).not.toMatchObject({ data: whole });
    }
  });

  test("can be switched on while the sandbox runs, and disables v1 at once", async () => {
    const { sandbox, call } = await start();
    const { id, key } = sandbox.add({ name: "ci" });
    expect((await call("GET", `${v1}/${key}`)).status).toBe(200);
    expect((await call("GET", `${own}/${id}`)).json).toMatchObject({ data: whole });
    sandbox.setOneTimeRead(true);
    expect((await call("GET", `${v1}/${key}`)).status).toBe(403);
    expect((await call("GET", `${own}/${id}`)).json).not.toMatchObject({ data: whole });
    sandbox.setOneTimeRead(false);
    expect((await call("GET", `${v1}/${key}`)).status).toBe(200);
  });
});

describe("if v1 is disabled", () => {
  test.each([
    [{ oneTimeRead: true }, 403],
    [{ government: true }, 403],
    [{ government: true, v1DisabledStatus: 404 }, 404],
    [{ oneTimeRead: true, v1DisabledStatus: 410 }, 410],
  ] as const)("with %j, each of its routes answers %i and does nothing", async (options, status) => {
    const { sandbox, call } = await start({ ...options, keys: [{ name: "kept" }] });
    const one = `${v1}/${sandbox.keys()[0]?.key ?? ""}`;
    const body = { name: "x" };
    expect(await call("POST", v1, { body })).toMatchObject({
      status,
      json: { errors: [expect.any(String) as string] },
    });
    expect((await call("GET", v1)).status).toBe(status);
    expect((await call("GET", one)).status).toBe(status);
    expect((await call("PUT", one, { body })).status).toBe(status);
    expect((await call("DELETE", one)).status).toBe(status);
    expect(sandbox.keys()).toMatchObject([{ name: "kept" }]);
    expect((await call("GET", "/api/v1/validate")).status).toBe(200);
  });

  test("a Government site still shows secrets on v2", async () => {
    const { sandbox, call } = await start({ government: true });
    const { id } = sandbox.add({ name: "ci" });
    expect((await call("GET", `${own}/${id}`)).json).toMatchObject({ data: whole });
  });
});

describe("the methods that simulate Datadog's web page", () => {
  test("rename and revoke keys without a request, and the API shows it", async () => {
    const { sandbox, call } = await start();
    const { id } = sandbox.add({ name: "ci" });
    sandbox.rename(id, "renamed");
    expect(sandbox.requests()).toEqual([]);
    expect((await call("GET", `${own}/${id}`)).json).toMatchObject({ data: { attributes: { name: "renamed" } } });
    sandbox.revoke(id);
    expect((await call("GET", `${own}/${id}`)).status).toBe(404);
  });

  test("return every key ever created, including those given at the start", async () => {
    const { sandbox, call } = await start({
      users: [{ handle: "other@example.com" }],
      keys: [{ name: "old", owner: "other@example.com", scopes: ["dashboards_read"] }],
    });
    const [old] = sandbox.keys();
    expect(old).toMatchObject({ name: "old", owner: "other@example.com", scopes: ["dashboards_read"] });
    sandbox.revoke(old?.id ?? "");
    await call("POST", v1, { body: { name: "new" } });
    expect(sandbox.everyKeyEverMade()).toEqual([old?.key, sandbox.keys()[0]?.key]);
  });

  test("fail for a taken name and for an unknown owner or key, as the web page would", async () => {
    const { sandbox } = await start({ keys: [{ name: "ci" }] });
    expect(() => sandbox.add({ name: "ci" })).toThrow("already exists");
    expect(() => sandbox.add({ name: "x", owner: "nobody" })).toThrow('no user "nobody"');
    expect(() => {
      sandbox.revoke("x");
    }).toThrow("not found");
  });

  test("return copies", async () => {
    const { sandbox } = await start({ keys: [{ name: "ci" }] });
    for (const key of sandbox.keys()) key.name = "changed";
    expect(sandbox.keys()).toMatchObject([{ name: "ci" }]);
    const added = sandbox.add({ name: "cd" });
    expect(sandbox.keys()).toContainEqual(added);
    added.name = "changed";
    expect(sandbox.keys()).toMatchObject([{ name: "ci" }, { name: "cd" }]);
  });
});
