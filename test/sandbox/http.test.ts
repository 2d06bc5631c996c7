import { describe, expect, test } from "vitest";
import { keyBody, start } from "./support/start";

const v1 = "/api/v1/application_key";
const v2 = "/api/v2/current_user/application_keys";

describe("the sandbox's HTTP", () => {
  test.each([
    ["no API key", { "dd-api-key": undefined }],
    ["an unknown API key", { "dd-api-key": "0".repeat(32) }],
    ["no application key", { "dd-application-key": undefined }],
    ["an unknown application key", { "dd-application-key": "0".repeat(40) }],
  ])("with %s, every request is answered with 403", async (_, headers) => {
    const { call } = await start();
    for (const path of [v1, v2, "/api/v2/application_keys", "/api/v2/current_user"])
      expect(await call("GET", path, { headers })).toMatchObject({ status: 403, json: { errors: ["Forbidden"] } });
  });

  test.each([
    ["PATCH", v1],
    ["POST", `${v1}/x`],
    ["PUT", v2],
    ["POST", `${v2}/x`],
    ["DELETE", "/api/v2/current_user"],
    ["HEAD", v1],
  ])("%s %s answers 405 and names the allowed methods", async (method, path) => {
    const { call } = await start();
    const refused = await call(method, path);
    expect(refused.status).toBe(405);
    expect(refused.headers.get("allow")).toMatch(/GET/);
  });

  test("a request to an unknown path is answered with 404", async () => {
    const { call } = await start();
    expect(await call("GET", "/api/v3/x")).toMatchObject({ status: 404, json: { errors: ["Not Found"] } });
  });

  test("a malformed URL is answered with 400 and not quoted", async () => {
    const { call } = await start();
    expect(await call("GET", `${v1}/%zz`)).toMatchObject({ status: 400, json: { errors: ["Bad Request"] } });
  });

  test.each([undefined, "text/plain", "application/x-www-form-urlencoded"])(
    "a body of type %s answers 415",
    async (type) => {
      const { sandbox, call } = await start();
      const headers = { "content-type": type };
      // The body is bytes, because fetch adds a Content-Type to a string.
      const sent = await fetch(`${sandbox.url}${v1}`, {
        method: "POST",
        headers: {
          "dd-api-key": sandbox.apiKey,
          "dd-application-key": sandbox.appKey,
          ...(type !== undefined && { "content-type": type }),
        },
        body: Buffer.from('{"name":"x"}'),
      });
      expect(sent.status).toBe(415);
      expect((await call("POST", v2, { body: keyBody({ name: "x" }), headers })).status).toBe(415);
      expect(sandbox.keys()).toEqual([]);
    },
  );

  test("a Content-Type may have a charset, or be JSON:API's type", async () => {
    const { call } = await start();
    const post = (name: string, type: string) =>
      call("POST", v2, { body: keyBody({ name }), headers: { "content-type": type } });
    expect((await post("a", "application/json; charset=utf-8")).status).toBe(201);
    expect((await post("b", "application/vnd.api+json")).status).toBe(201);
  });

  test("a request that does not accept JSON is answered with 406 and creates nothing", async () => {
    const { sandbox, call } = await start();
    const body = { name: "x" };
    expect((await call("POST", v1, { body, headers: { accept: "text/html" } })).status).toBe(406);
    expect(sandbox.keys()).toEqual([]);
    expect((await call("POST", v1, { body, headers: { accept: "text/html, */*" } })).status).toBe(200);
  });

  test("a body over 1 MiB is answered with 413", async () => {
    const { call } = await start();
    expect((await call("POST", v1, { body: { name: "x".repeat(1024 * 1024) } })).status).toBe(413);
  });

  test("a key may have any text as its name, and keeps it unchanged", async () => {
    const { call } = await start();
    const name = `"quotes" \\ \u0000\u001b \u{1f511} __proto__ ${"x".repeat(10_000)}`;
    expect((await call("POST", v1, { body: { name } })).json).toMatchObject({ application_key: { name } });
  });

  test("a hundred requests at once are all carried out", async () => {
    const { sandbox, call } = await start({ latencyMs: 5 });
    const names = Array.from({ length: 100 }, (_, number) => `key ${number}`);
    const created = await Promise.all(names.map((name) => call("POST", v1, { body: { name } })));
    expect(new Set(created.map(({ status }) => status))).toEqual(new Set([200]));
    expect(new Set(sandbox.keys().map(({ key }) => key)).size).toBe(100);
  });

  test("each request waits for the latency before it is handled", async () => {
    const { sandbox, call } = await start({ latencyMs: 30 });
    await call("GET", v1);
    expect(sandbox.requests()[0]?.ms).toBeGreaterThanOrEqual(29);
  });
});
