import { describe, expect, test } from "vitest";
import type { Permission } from "../../sandbox/index";
import { start } from "./support/start";

const all = "/api/v2/actions/app_key_registrations";
const notFound = { status: 404, json: { errors: [{ detail: "app key not found" }] } };

describe("registrations for Actions API access match Datadog's recorded answers", () => {
  test("PUT registers a key, GET shows the registration, and DELETE removes it", async () => {
    const { sandbox, call } = await start({ keys: [{ name: "ci" }] });
    const id = sandbox.keys()[0]?.id ?? "";
    const document = { data: { id, type: "app_key_registration" } };
    expect(await call("GET", `${all}/${id}`)).toMatchObject(notFound);
    expect(await call("DELETE", `${all}/${id}`)).toMatchObject(notFound);
    expect(await call("PUT", `${all}/${id}`)).toMatchObject({ status: 201, json: document });
    expect(sandbox.keys()).toMatchObject([{ actionsApi: true }]);
    expect(await call("PUT", `${all}/${id}`)).toMatchObject({ status: 201, json: document });
    const read = await call("GET", `${all}/${id}`);
    expect(read).toMatchObject({ status: 200, json: document });
    expect(read.headers.get("content-type")).toBe("application/vnd.api+json");
    expect(await call("DELETE", `${all}/${id}`)).toMatchObject({ status: 204, text: "" });
    expect(await call("GET", `${all}/${id}`)).toMatchObject(notFound);
    expect(sandbox.keys()).toMatchObject([{ actionsApi: false }]);
  });

  test.each(["GET", "PUT", "DELETE"])("%s of an id that is not a UUID answers 400", async (method) => {
    const { call } = await start();
    const refused = await call(method, `${all}/not_valid_app_key_id`);
    expect(refused).toMatchObject({
      status: 400,
      json: {
        errors: [
          {
            status: "400",
            title: "Invalid Parameter",
            detail: 'invalid parameter "appKeyId" in "path"; expected type "uuid"',
          },
        ],
      },
    });
    expect(refused.headers.get("content-type")).toBe("application/vnd.api+json");
  });

  test("the list has pages and totals", async () => {
    const { sandbox, call } = await start({ keys: ["a", "b", "c"].map((name) => ({ name })) });
    const ids = sandbox.keys().map(({ id }) => id);
    expect((await call("GET", all)).json).toEqual({ data: [], meta: { total: 0, total_filtered: 0 } });
    for (const id of ids) await call("PUT", `${all}/${id}`);
    const resources = ids.map((id) => ({ id, type: "app_key_registration" }));
    expect((await call("GET", all)).json).toEqual({ data: resources, meta: { total: 3, total_filtered: 3 } });
    expect((await call("GET", `${all}?page[size]=2&page[number]=1`)).json).toEqual({
      data: resources.slice(2),
      meta: { total: 3, total_filtered: 3 },
    });
    expect((await call("GET", `${all}?page[size]=x`)).status).toBe(400);
  });

  test("a revoked key is no longer registered", async () => {
    const { sandbox, call } = await start({ keys: [{ name: "ci" }] });
    const id = sandbox.keys()[0]?.id ?? "";
    await call("PUT", `${all}/${id}`);
    sandbox.revoke(id);
    expect(await call("GET", `${all}/${id}`)).toMatchObject(notFound);
    expect((await call("GET", all)).json).toMatchObject({ data: [] });
  });

  test.each<[Permission, number, number]>([
    ["user_access_manage", 201, 200],
    ["user_app_keys", 201, 200],
    ["service_account_write", 201, 200],
    ["org_app_keys_read", 403, 200],
    ["org_app_keys_write", 403, 403],
  ])("with only %s, PUT answers %i and the list %i", async (permission, put, list) => {
    const { sandbox, call } = await start({ users: [{ handle: "limited@example.com", permissions: [permission] }] });
    const as = sandbox.user("limited");
    expect((await call("PUT", `${all}/${sandbox.add({ name: "ci" }).id}`, { as })).status).toBe(put);
    expect((await call("GET", all, { as })).status).toBe(list);
  });
});
