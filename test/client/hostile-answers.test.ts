import { once } from "node:events";
import { type ServerResponse, createServer } from "node:http";
import { setTimeout as sleep } from "node:timers/promises";
import { gzipSync } from "node:zlib";
import { afterEach, describe, expect, test } from "vitest";
import { type Sandbox, startSandbox } from "../../sandbox/index";
import { type HostileServer, startHostileServer } from "./support/hostile-server";
import { leaksIn, visibleText } from "./support/leaks";
import { ProviderProcess } from "./support/provider-process";
import { type Outcome, Stack } from "./support/stack";

const gibibyte = 1024 ** 3;
const json = { "content-type": "application/json" };

/** A key that the answers contain and that no message may show. */
const secret = "ddapp_AnswerAnswerAnswerAnswerAnswerAnsw";

async function createAgainst(server: HostileServer, timeoutMs = 10_000): Promise<string> {
  const process = new ProviderProcess(server, { timeoutMs });
  const error = await process.create({ name: "ci" }).then(
    () => {
      throw new Error("the create must fail");
    },
    (reason: unknown) => (reason instanceof Error ? reason : new Error(String(reason))),
  );
  const outcome: Outcome = { errors: [error], printed: process.printed, died: false };
  const keys = { ...server, everyKeyEverMade: () => [secret] };
  expect(leaksIn(visibleText(outcome), keys)).toEqual([]);
  expect(error.message.length).toBeLessThan(2000);
  return error.message;
}

describe("an answer that Datadog would never send", () => {
  test("of 1 GiB is cut off after the size of the largest list, and is an error", async () => {
    const chunk = Buffer.alloc(64 * 1024, `"${secret}",`);
    const counted = { sent: 0 };
    await using server = await startHostileServer((_request, response) => {
      response.writeHead(200, json);
      void flood(response, chunk, counted);
    });
    const before = process.memoryUsage().rss;
    const message = await createAgainst(server);
    expect(message).toMatch(/listing .*larger than 64 MiB.*not shown/);
    // The bytes that the sockets had accepted when the client closed the connection.
    expect(counted.sent).toBeLessThan(128 * 1024 * 1024);
    expect(process.memoryUsage().rss - before).toBeLessThan(400 * 1024 * 1024);
  });

  test("of 1 GiB after decompression is cut off too", async () => {
    const packed = Buffer.concat(Array.from({ length: 64 }, () => gzipSync(Buffer.alloc(16 * 1024 * 1024, " "))));
    await using server = await startHostileServer((_request, response) => {
      response.writeHead(200, { ...json, "content-encoding": "gzip" }).end(packed);
    });
    const before = process.memoryUsage().rss;
    expect(await createAgainst(server)).toMatch(/larger than 64 MiB/);
    expect(process.memoryUsage().rss - before).toBeLessThan(400 * 1024 * 1024);
  });

  test("of endless single bytes ends at the time limit", async () => {
    await using server = await startHostileServer((_request, response) => {
      response.writeHead(200, json);
      const drip = setInterval(() => response.write(" "), 10);
      response.on("close", () => {
        clearInterval(drip);
      });
    });
    const started = performance.now();
    expect(await createAgainst(server, 100)).toMatch(/Datadog did not answer in 0.1 s/);
    expect(performance.now() - started).toBeLessThan(10_000);
  });

  test("of endless headers ends at the time limit", async () => {
    await using server = await startHostileServer((_request, response) => {
      const { socket } = response;
      socket?.write("HTTP/1.1 200 OK\r\n");
      const drip = setInterval(() => socket?.write("x-more: 1\r\n"), 10);
      socket?.on("close", () => {
        clearInterval(drip);
      });
    });
    expect(await createAgainst(server, 100)).toMatch(/did not answer|connection ended/);
  });

  test.each([301, 302, 303, 307, 308])("with a redirect (%d) is not followed", async (status) => {
    const elsewhere: string[] = [];
    const target = createServer((request, response) => {
      elsewhere.push(request.url ?? "");
      response.end("{}");
    });
    await new Promise<void>((listening) => target.listen(0, "127.0.0.1", listening));
    const address = target.address();
    const port = typeof address === "object" ? address?.port : undefined;
    await using server = await startHostileServer((_request, response) => {
      response.writeHead(status, { location: `http://127.0.0.1:${port ?? 0}/` }).end();
    });
    expect(await createAgainst(server)).toMatch(
      new RegExp(`^${status} listing .*did not come from Datadog. Check the site, datadog:apiUrl`),
    );
    target.close();
    expect(elsewhere).toEqual([]);
    expect(server.requests).toHaveLength(1);
  });

  test("with a redirect to itself causes only one request", async () => {
    await using server = await startHostileServer((request, response) => {
      response.writeHead(307, { location: request.url ?? "/" }).end();
    });
    await createAgainst(server);
    expect(server.requests).toHaveLength(1);
  });

  test("with a megabyte of headers is an error", async () => {
    await using server = await startHostileServer((_request, response) => {
      for (let number = 0; number < 1000; number += 1) response.setHeader(`x-${number}`, secret.repeat(25));
      response.writeHead(200, json).end("{}");
    });
    expect(await createAgainst(server)).toMatch(/listing .*connection ended before an answer came/);
  });

  test("of a sign-in page with status 200 is an error", async () => {
    await using server = await startHostileServer((_request, response) => {
      response.writeHead(200, { "content-type": "text/html" }).end(`<html>${secret}</html>`);
    });
    expect(await createAgainst(server)).toMatch(/the answer is not JSON.*not shown/);
  });

  test.each([
    "null",
    "true",
    "42",
    `"${secret}"`,
    "[]",
    `{"application_keys": {"__proto__": []}}`,
    `{"__proto__": {"application_keys": []}}`,
    `{"constructor": {"prototype": {"application_keys": []}}}`,
    `{"application_keys": [{"__proto__": {"hash": "${secret}", "name": "ci"}}]}`,
    `{"application_keys": [{"hash": {"${secret}": 1}, "name": "ci"}]}`,
    `{"application_keys": [${"[".repeat(100_000)}${"]".repeat(100_000)}]}`,
  ])("with the JSON %# is an error", async (body) => {
    await using server = await startHostileServer((_request, response) => {
      response.writeHead(200, json).end(body);
    });
    expect(await createAgainst(server)).toMatch(/^2\d\d|^2xx/);
    expect(Object.prototype).not.toHaveProperty("application_keys");
  });

  test.each([
    JSON.stringify({ errors: [secret, `key=${secret}`, { title: secret, detail: "no" }] }),
    JSON.stringify({ errors: ["\u001b[2J\u001b]0;owned\u0007\u009b31m\u202Egnp.exe\nfake: all is well"] }),
    JSON.stringify({ errors: ["long ".repeat(100_000)] }),
    JSON.stringify({ errors: { length: 3 } }),
    JSON.stringify({ errors: [null, 42, [secret]] }),
    secret,
  ])("with the refusal %# is shown shortened and without control characters", async (body) => {
    await using server = await startHostileServer((_request, response) => {
      response.writeHead(400, json).end(body);
    });
    const message = await createAgainst(server);
    expect(message).toMatch(/^400 listing/);
    // eslint-disable-next-line no-control-regex
    expect(message).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202a-\u202e]/);
    expect(message).not.toContain("\nfake");
  });

  test("with the request's credentials is shown with the credentials masked", async () => {
    await using server = await startHostileServer((request, response) => {
      const quoted = JSON.stringify(request.headers);
      const base64 = Buffer.from(String(request.headers["dd-application-key"])).toString("base64");
      response.writeHead(400, json).end(JSON.stringify({ errors: [`bad request ${base64} ${quoted}`] }));
    });
    expect(await createAgainst(server)).toMatch(/^400 listing/);
  });

  test("to a create with an unusable body is not shown, and the client looks for the key", async () => {
    await using server = await startHostileServer((request, response) => {
      response.writeHead(200, json);
      if (request.method === "POST") response.end(`{"application_key": {"hash": "${secret}", "name": 1}}`);
      else if (request.url === "/api/v2/current_user") response.end('{"data": {"id": "1", "type": "users"}}');
      else response.end('{"application_keys": []}');
    });
    expect(await createAgainst(server)).toMatch(/creating application key "ci" .*no usable "application_key.name"/);
    expect(server.requests.filter((request) => request.startsWith("POST"))).toHaveLength(4);
  });

  test("after the time limit is not waited for", async () => {
    await using server = await startHostileServer((_request, response) => {
      void sleep(400).then(() => response.writeHead(200, json).end('{"application_keys": []}'));
    });
    expect(await createAgainst(server, 50)).toMatch(/did not answer in 0.05 s/);
  });
});

async function flood(response: ServerResponse, chunk: Buffer, counted: { sent: number }): Promise<void> {
  const hungUp = new AbortController();
  response.once("close", () => {
    hungUp.abort();
  });
  const { signal } = hungUp;
  for (; counted.sent < gibibyte && !response.destroyed; counted.sent += chunk.length)
    if (!response.write(chunk)) await once(response, "drain", { signal }).catch(() => undefined);
  response.end();
}

describe("an unusual name", () => {
  let sandbox: Sandbox;
  afterEach(() => sandbox.close());

  const names = [
    ["control characters", "a\u0000b\u001b[31mc\r\nd\u007fe\u009bf"],
    ["quotes", `"'\`\\"; DROP TABLE keys; --\${name}{{name}}`],
    ["emoji", "🔑👩‍👩‍👧‍👦🇪🇺é\u0301"],
    ["10 kB", "long name ".repeat(1024).trim()],
    ["right-to-left marks", "a\u202egnp.exe\u2066"],
    ["a path", "../../v1/validate?x=1#y%2e%2e%2f"],
    ["__proto__", "__proto__"],
    ["constructor", "constructor"],
    ["Datadog's own key", "ddapp_ABCDEFGHIJ"],
  ] as const;

  test.each(names)("of %s stays unchanged in every operation", async (_kind, name) => {
    for (const oneTimeRead of [false, true]) {
      sandbox = await startSandbox({ oneTimeRead });
      const stack = new Stack(sandbox);
      for (const outcome of [
        await stack.up({ key: { name } }),
        await stack.refresh(),
        await stack.up({ key: { name: `${name} 2` } }),
        await stack.up({ key: { name } }),
      ])
        expect(outcome.errors).toEqual([]);
      expect(sandbox.keys().map((key) => key.name)).toEqual([name]);
      expect((await stack.destroy()).errors).toEqual([]);
      expect(sandbox.keys()).toEqual([]);
      await sandbox.close();
    }
  });

  test.each(names)("of %s is shortened and without control characters in errors", async (_kind, name) => {
    sandbox = await startSandbox({ uniqueNames: false });
    sandbox.add({ name });
    const stack = new Stack(sandbox);
    const exists = await stack.up({ key: { name } });
    sandbox.add({ name });
    const several = await stack.up({ key: { name, adopt: true } });
    sandbox.fail({ kind: "drop-after", method: "POST" });
    const removeFault = sandbox.fail({ kind: "status", status: 403, method: "GET", nth: 2, times: Infinity });
    const lost = await stack.up({ key: { name: `${name} 2` } });
    removeFault();
    const doubled = await stack.up({ a: { name: `${name} 3` }, b: { name: `${name} 3` } });
    for (const { errors } of [exists, several, lost, doubled]) {
      expect(errors).toHaveLength(1);
      for (const { message } of errors) {
        expect(message.length).toBeLessThan(2000);
        // Each step of a refusal is on its own line.
        const text = message.replaceAll(/\n(?= {2}\d\. |Refused)/g, "");
        // eslint-disable-next-line no-control-regex
        expect(text).not.toMatch(/[\u0000-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/);
      }
    }
  });
});
