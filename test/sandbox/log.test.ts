import { describe, expect, test } from "vitest";
import { maskPath } from "../../sandbox/masking";
import { keyBody, start } from "./support/start";

const v1 = "/api/v1/application_key";
const own = "/api/v2/current_user/application_keys";

describe("the record of requests", () => {
  test("has method, route and status in the order of arrival", async () => {
    const { sandbox, call } = await start();
    await call("POST", own, { body: keyBody({ name: "ci" }) });
    await call("GET", `${own}/none`);
    await call("GET", "/elsewhere");
    expect(sandbox.requests()).toMatchObject([
      { method: "POST", route: own, path: own, status: 201 },
      { method: "GET", route: `${own}/{app_key_id}`, path: `${own}/none`, status: 404 },
      { method: "GET", route: "(unknown)", path: "/elsewhere", status: 404 },
    ]);
  });

  test("can be filtered by method, route and status", async () => {
    const { sandbox, call } = await start();
    await call("GET", v1);
    await call("GET", own);
    await call("POST", v1, { body: { name: "" } });
    expect(sandbox.requests({ method: "POST" })).toHaveLength(1);
    expect(sandbox.requests({ route: v1 })).toHaveLength(2);
    expect(sandbox.requests({ route: "/v2/" })).toHaveLength(1);
    expect(sandbox.requests({ route: v1, status: 200 })).toHaveLength(1);
  });
});

describe("the log", () => {
  test("has one line for each request, written before the answer", async () => {
    const lines: string[] = [];
    const { call } = await start({ log: (line) => lines.push(line) });
    await call("POST", v1, { body: { name: "ci" } });
    await call("DELETE", `${v1}/unknown`);
    expect(lines).toEqual([
      expect.stringMatching(/^POST \/api\/v1\/application_key 200 \d+ms$/),
      expect.stringMatching(/^DELETE \/api\/v1\/application_key\/\{hash\} 404 \d+ms$/),
    ]);
  });

  test("names the fault that a request met, and says if there was no answer", async () => {
    const lines: string[] = [];
    const { sandbox, call } = await start({ log: (line) => lines.push(line) });
    sandbox.fail({ kind: "drop-before" });
    sandbox.fail({ kind: "drop-after", nth: 2 });
    await expect(call("GET", v1)).rejects.toThrow();
    await expect(call("GET", v1)).rejects.toThrow();
    expect(lines).toEqual([
      expect.stringMatching(/^GET \/api\/v1\/application_key no answer \d+ms fault=drop-before$/),
      expect.stringMatching(/^GET \/api\/v1\/application_key no answer \d+ms fault=drop-after$/),
    ]);
  });

  test("contains no key and no credential, however it was sent, and neither do records and refusals", async () => {
    const lines: string[] = [];
    const { sandbox, call } = await start({ log: (line) => lines.push(line) });
    await call("POST", v1, { body: { name: "ci" } });
    const [key] = sandbox.keys();
    const secrets = [key?.key ?? "", sandbox.apiKey, sandbox.appKey];
    const refusals: string[] = [];
    for (const secret of secrets) {
      const encoded = secret.replace(/./g, (char) => `%${char.charCodeAt(0).toString(16)}`);
      for (const sent of [secret, encoded])
        for (const path of [`${v1}/${sent}x`, `${own}?filter=${sent}`, `${own}/${sent}`, `/${sent}`, `/%zz${sent}`])
          for (const method of ["GET", "POST"]) {
            const answer = await call(method, path, method === "POST" ? { body: keyBody({ name: "" }) } : {});
            if (answer.status >= 400) refusals.push(answer.text);
          }
    }
    expect(refusals.length).toBeGreaterThan(40);
    const written = JSON.stringify([lines, sandbox.requests(), sandbox.faultsInjected(), refusals]);
    for (const secret of secrets) expect(written).not.toContain(secret);
  });

  test.each([
    ["/api/v1/application_key/short", "/api/v1/application_key/***"],
    ["/api/v1/application_key/short?x=1", "/api/v1/application_key/***?x=1"],
    [`/api/v2/application_keys?filter=${"a".repeat(40)}&sort=name`, "/api/v2/application_keys?filter=***&sort=name"],
    [
      "/api/v2/users/01234567-89ab-cdef-0123-456789abcdef?page%5Bsize%5D=1",
      "/api/v2/users/01234567-89ab-cdef-0123-456789abcdef?page[size]=1",
    ],
  ])("%s is recorded as %s", (path, masked) => {
    expect(maskPath(path)).toBe(masked);
  });
});
