import { request as httpRequest } from "node:http";
import { createConnection } from "node:net";
import { describe, expect, test, vi } from "vitest";
import type { Fault, Sandbox } from "../../sandbox/index";
import { keyBody, start, type Call } from "./support/start";

const v1 = "/api/v1/application_key";
const own = "/api/v2/current_user/application_keys";
const soon = { interval: 5, timeout: 3_000 };

const create = (call: Call) => call("POST", v1, { body: { name: "ci" } });

/** Starts a sandbox whose next request meets the fault. */
async function startWith(fault: Fault) {
  const started = await start();
  started.sandbox.fail(fault);
  return started;
}

/** What a client receives of an answer that may end too early. fetch would hide the headers. */
function rawCreate(sandbox: Sandbox) {
  return new Promise<{ promised: number; received: string; complete: boolean }>((resolve, reject) => {
    const body = JSON.stringify({ name: "ci" });
    const sent = httpRequest(`${sandbox.url}${v1}`, {
      method: "POST",
      headers: {
        "dd-api-key": sandbox.apiKey,
        "dd-application-key": sandbox.appKey,
        "content-type": "application/json",
      },
    });
    sent.on("error", reject);
    sent.on("response", (answer) => {
      let received = "";
      answer.setEncoding("utf8");
      answer.on("data", (chunk: string) => (received += chunk));
      answer.on("error", () => undefined);
      answer.on("close", () => {
        resolve({ promised: Number(answer.headers["content-length"]), received, complete: answer.complete });
      });
    });
    sent.end(body);
  });
}

describe("faults before a request is carried out", () => {
  test("refuse resets the connection before it is read", async () => {
    const { sandbox, call } = await startWith({ kind: "refuse" });
    await expect(create(call)).rejects.toThrow();
    expect(sandbox.requests()).toEqual([]);
    expect((await create(call)).status).toBe(200);
    expect(sandbox.faultsInjected()).toEqual([{ kind: "refuse" }]);
  });

  test("refuse also resets a connection that is already open", async () => {
    const { sandbox, call } = await start();
    await call("GET", v1);
    sandbox.fail({ kind: "refuse", times: Infinity });
    await expect(create(call)).rejects.toThrow();
    expect(sandbox.keys()).toEqual([]);
  });

  test("drop-before reads the request and closes the connection", async () => {
    const { sandbox, call } = await startWith({ kind: "drop-before" });
    await expect(create(call)).rejects.toThrow();
    expect(sandbox.keys()).toEqual([]);
    const [record] = sandbox.requests();
    expect(record).toMatchObject({ method: "POST", fault: "drop-before" });
    expect(record).not.toHaveProperty("status");
  });

  test("rate-limit sends the given headers, or none if they are empty", async () => {
    const { sandbox, call } = await startWith({ kind: "rate-limit", headers: { "X-RateLimit-Reset": "soon" } });
    sandbox.fail({ kind: "rate-limit", headers: {}, nth: 2 });
    const malformed = await create(call);
    expect(malformed).toMatchObject({ status: 429, json: { errors: [expect.any(String) as string] } });
    expect(malformed.headers.get("x-ratelimit-reset")).toBe("soon");
    const bare = await create(call);
    expect(bare.status).toBe(429);
    expect(bare.headers.get("x-ratelimit-reset")).toBeNull();
    expect(sandbox.keys()).toEqual([]);
  });

  test("status answers with any error, in Datadog's or JSON:API's format", async () => {
    const { sandbox, call } = await startWith({ kind: "status", status: 503 });
    sandbox.fail({ kind: "status", status: 400, errors: [{ title: "Bad", detail: "worse" }], nth: 2 });
    expect(await create(call)).toMatchObject({ status: 503, json: { errors: [expect.any(String) as string] } });
    expect(await create(call)).toMatchObject({ status: 400, json: { errors: [{ title: "Bad", detail: "worse" }] } });
    expect(sandbox.keys()).toEqual([]);
  });

  test.each([301, 302, 307, 308] as const)("redirect sends the client elsewhere with %i", async (status) => {
    const { sandbox, call } = await startWith({ kind: "redirect", status, location: "http://127.0.0.1:9/x" });
    const answer = await create(call);
    expect(answer.status).toBe(status);
    expect(answer.headers.get("location")).toBe("http://127.0.0.1:9/x");
    expect(sandbox.keys()).toEqual([]);
  });

  test("a gateway's 404 is a page without Datadog's text", async () => {
    const body = "<html><body>404 page not found</body></html>";
    const headers = { "content-type": "text/html" };
    const { sandbox, call } = await startWith({ kind: "answer", status: 404, headers, body });
    const answer = await create(call);
    expect(answer).toMatchObject({ status: 404, text: body });
    expect(answer.headers.get("content-type")).toBe("text/html");
    expect(sandbox.keys()).toEqual([]);
  });

  test("a custom answer is sent unchanged", async () => {
    const { sandbox, call } = await startWith({
      kind: "answer",
      status: 200,
      headers: { "content-type": "application/json", "x-own": "yes" },
      body: '{"__proto__":1',
    });
    const answer = await create(call);
    expect(answer).toMatchObject({ status: 200, text: '{"__proto__":1' });
    expect(answer.headers.get("x-own")).toBe("yes");
    expect(sandbox.keys()).toEqual([]);
  });
});

describe("faults after a request is carried out", () => {
  test("drop-after closes the connection with no answer", async () => {
    const { sandbox, call } = await startWith({ kind: "drop-after" });
    await expect(create(call)).rejects.toThrow();
    expect(sandbox.keys()).toMatchObject([{ name: "ci" }]);
    expect(sandbox.requests()[0]).not.toHaveProperty("status");
  });

  test("status-after creates the key and answers 5xx", async () => {
    const { sandbox, call } = await startWith({ kind: "status-after", status: 502 });
    expect((await create(call)).status).toBe(502);
    expect(sandbox.keys()).toMatchObject([{ name: "ci" }]);
    expect(sandbox.requests()).toMatchObject([{ status: 502, fault: "status-after" }]);
  });

  test("cut-body sends half as many bytes as Content-Length says", async () => {
    const { sandbox } = await startWith({ kind: "cut-body" });
    const { promised, received, complete } = await rawCreate(sandbox);
    expect(complete).toBe(false);
    expect(received).toHaveLength(Math.ceil(promised / 2));
    expect(received).toMatch(/^\{"application_key":/);
    expect(sandbox.keys()).toMatchObject([{ name: "ci" }]);
  });

  test("cut-body sends no answer if the answer would have no body", async () => {
    const { sandbox, call } = await startWith({ kind: "cut-body" });
    const { id } = sandbox.add({ name: "ci" });
    await expect(call("DELETE", `${own}/${id}`)).rejects.toThrow();
    expect(sandbox.keys()).toEqual([]);
  });

  test("not-json is a page with status 200", async () => {
    const { sandbox, call } = await startWith({ kind: "not-json" });
    const answer = await create(call);
    expect(answer).toMatchObject({ status: 200, text: expect.stringMatching(/^<!DOCTYPE html>/) as string });
    expect(answer.headers.get("content-type")).toBe("text/html; charset=utf-8");
    expect(sandbox.keys()).toHaveLength(1);
  });

  test("wrong-content-type leaves the body as it is", async () => {
    const { call } = await startWith({ kind: "wrong-content-type", contentType: "image/png" });
    const answer = await create(call);
    expect(answer.headers.get("content-type")).toBe("image/png");
    expect(answer.json).toMatchObject({ application_key: { name: "ci" } });
  });

  test.each(["hash", "name", "owner"])("missing-field removes %s", async (field) => {
    const { call } = await startWith({ kind: "missing-field", field });
    const { application_key: key } = (await create(call)).json as { application_key: object };
    expect(Object.keys(key).sort()).toEqual(["hash", "name", "owner"].filter((name) => name !== field));
  });

  test("missing-field also removes v2's nested and outermost fields", async () => {
    const { sandbox, call } = await startWith({ kind: "missing-field", field: "id" });
    sandbox.fail({ kind: "missing-field", field: "data", nth: 2 });
    expect((await call("POST", own, { body: keyBody({ name: "a" }) })).text).not.toContain('"id"');
    expect((await call("GET", own)).json).toEqual({ meta: expect.any(Object) as object });
  });

  test("wrong-type-field replaces the field with another type", async () => {
    const { sandbox, call } = await startWith({ kind: "wrong-type-field", field: "hash" });
    sandbox.fail({ kind: "wrong-type-field", field: "application_keys", value: {}, nth: 2 });
    expect((await create(call)).json).toMatchObject({ application_key: { hash: 42 } });
    expect((await call("GET", v1)).json).toEqual({ application_keys: {} });
  });

  test("huge-body has the given length and is still JSON", async () => {
    const { call } = await startWith({ kind: "huge-body", bytes: 3_000_000 });
    const answer = await create(call);
    expect(answer.text.length).toBeGreaterThan(3_000_000);
    expect(answer.json).toMatchObject({ application_key: { name: "ci" } });
  });

  test("huge-body stops when the client closes the connection", async () => {
    const { sandbox } = await startWith({ kind: "huge-body", bytes: 1024 ** 4 });
    const answer = await fetch(`${sandbox.url}${v1}`, {
      headers: { "dd-api-key": sandbox.apiKey, "dd-application-key": sandbox.appKey },
    });
    const reader = answer.body?.getReader();
    await reader?.read();
    await reader?.cancel();
    await sandbox.close();
  });

  test("slow-drip sends the body byte by byte", async () => {
    const { call } = await startWith({ kind: "slow-drip", ms: 1 });
    const before = performance.now();
    const answer = await create(call);
    expect(answer.json).toMatchObject({ application_key: { name: "ci" } });
    expect(performance.now() - before).toBeGreaterThanOrEqual(answer.text.length - 1);
  });

  test("header-bomb sends more headers than clients accept", async () => {
    const { sandbox, call } = await startWith({ kind: "header-bomb" });
    sandbox.fail({ kind: "header-bomb", count: 3, bytes: 10, nth: 2 });
    await expect(create(call)).rejects.toThrow();
    expect(sandbox.keys()).toHaveLength(1);
    expect((await call("GET", v1)).headers.get("x-bomb-2")).toBe("x".repeat(10));
  });

  test("a custom answer can be sent after the request was carried out", async () => {
    const { sandbox, call } = await startWith({ kind: "answer", status: 201, body: "{}", handled: true });
    expect(await create(call)).toMatchObject({ status: 201, text: "{}" });
    expect(sandbox.keys()).toHaveLength(1);
  });
});

describe("delays", () => {
  test.each(["delay", "delay-after"] as const)("%s delays the answer", async (kind) => {
    const { sandbox, call } = await startWith({ kind, ms: 40 });
    expect((await create(call)).status).toBe(200);
    expect(sandbox.requests()[0]?.ms).toBeGreaterThanOrEqual(39);
  });

  test("a delayed request is carried out even if its client has disconnected", async () => {
    const { sandbox } = await startWith({ kind: "delay", ms: 150 });
    const gone = new AbortController();
    const answer = fetch(`${sandbox.url}${v1}`, {
      method: "POST",
      headers: {
        "dd-api-key": sandbox.apiKey,
        "dd-application-key": sandbox.appKey,
        "content-type": "application/json",
      },
      body: '{"name":"ci"}',
      signal: gone.signal,
    });
    await vi.waitFor(() => {
      expect(sandbox.faultsInjected()).toHaveLength(1);
    }, soon);
    gone.abort();
    await expect(answer).rejects.toThrow();
    expect(sandbox.keys()).toEqual([]);
    await vi.waitFor(() => {
      expect(sandbox.keys()).toHaveLength(1);
    }, soon);
    expect(sandbox.requests()[0]).not.toHaveProperty("status");
  });

  test.each(["delay", "delay-after", "slow-drip"] as const)("close does not wait for a %s", async (kind) => {
    const { sandbox, call } = await startWith({ kind, ms: 3_600_000 });
    const answer = expect(create(call)).rejects.toThrow();
    await vi.waitFor(() => {
      expect(sandbox.faultsInjected()).toHaveLength(1);
    }, soon);
    await sandbox.close();
    await answer;
    expect(sandbox.keys()).toHaveLength(kind === "delay" ? 0 : 1);
  });
});

describe("a fault strikes", () => {
  test("the first request once by default", async () => {
    const { call } = await startWith({ kind: "status", status: 500 });
    expect((await call("GET", v1)).status).toBe(500);
    expect((await call("GET", v1)).status).toBe(200);
  });

  test("only requests with its method and route, from the nth on, as often as `times` says", async () => {
    const { sandbox, call } = await start();
    sandbox.fail({ kind: "status", status: 500, method: "GET", route: v1, nth: 2, times: 2 });
    const statuses: number[] = [];
    for (let turn = 0; turn < 4; turn++) {
      await call("GET", own);
      await call("POST", v1, { body: { name: String(turn) } });
      statuses.push((await call("GET", v1)).status);
    }
    expect(statuses).toEqual([200, 500, 500, 200]);
    expect(sandbox.requests({ status: 500 })).toHaveLength(2);
  });

  test("exactly one route for a template, and every path that contains any other text", async () => {
    const { sandbox, call } = await start({ keys: [{ name: "ci" }] });
    const [key] = sandbox.keys();
    const removeFault = sandbox.fail({ kind: "status", status: 500, route: own, times: Infinity });
    expect((await call("GET", `${own}/${key?.id ?? ""}`)).status).toBe(200);
    expect((await call("GET", `${own}?page[number]=1`)).status).toBe(500);
    removeFault();
    sandbox.fail({ kind: "status", status: 500, route: "page[number]=1" });
    expect((await call("GET", own)).status).toBe(200);
    expect((await call("GET", `${own}?page%5Bnumber%5D=1`)).status).toBe(500);
  });

  test("no request after it is removed", async () => {
    const { sandbox, call } = await start();
    const removeFault = sandbox.fail({ kind: "status", status: 500, times: Infinity });
    expect((await call("GET", v1)).status).toBe(500);
    removeFault();
    expect((await call("GET", v1)).status).toBe(200);
    expect(sandbox.faultsInjected()).toEqual([{ kind: "status", method: "GET", route: v1 }]);
  });

  test("before the credentials are checked, as a proxy would", async () => {
    const { call } = await startWith({ kind: "status", status: 502 });
    expect((await call("GET", v1, { headers: { "dd-api-key": "wrong" } })).status).toBe(502);
  });
});

describe("an offline sandbox", () => {
  /** Uses a plain socket, because fetch may reuse a connection that is already closing. */
  function connect(url: string): Promise<string> {
    return new Promise((resolve) => {
      const socket = createConnection(Number(new URL(url).port), "127.0.0.1");
      socket.on("error", (error: Error & { code?: string }) => {
        resolve(error.code ?? "");
      });
      socket.on("connect", () => {
        socket.destroy();
        resolve("connected");
      });
    });
  }

  test("refuses connections until it is back on the same port with the same keys", async () => {
    const { sandbox, call } = await start({ keys: [{ name: "ci" }] });
    const goOnline = await sandbox.goOffline();
    expect(await connect(sandbox.url)).toBe("ECONNREFUSED");
    await goOnline();
    expect(await connect(sandbox.url)).toBe("connected");
    expect((await call("GET", v1)).json).toMatchObject({ application_keys: [{ name: "ci" }] });
  });

  test("can be closed", async () => {
    const { sandbox } = await start();
    await sandbox.goOffline();
    await sandbox.close();
  });
});

describe("faults without parameters have defaults", () => {
  test.each([
    ["rate-limit", 429, { "x-ratelimit-reset": "1" }],
    ["status", 503, {}],
    ["status-after", 502, {}],
    ["redirect", 307, { location: "http://127.0.0.1:9/" }],
    ["answer", 418, {}],
  ] as const)("%s answers %i", async (kind, status, headers) => {
    const { call } = await startWith({ kind });
    const answer = await create(call);
    expect(answer.status).toBe(status);
    expect(Object.fromEntries(answer.headers)).toMatchObject(headers);
  });

  test.each(["delay", "delay-after", "slow-drip", "huge-body", "wrong-content-type"] as const)(
    "%s leaves the answer readable",
    async (kind) => {
      const { sandbox, call } = await startWith({ kind });
      expect((await create(call)).status).toBe(200);
      expect(sandbox.faultsInjected()).toMatchObject([{ kind }]);
      expect(sandbox.keys()).toHaveLength(1);
    },
  );
});
