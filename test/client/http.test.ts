import { subscribe, unsubscribe } from "node:diagnostics_channel";
import type { Socket } from "node:net";
import { expect, test } from "vitest";
import { exchange } from "../../provider/datadog/http";
import { startHostileServer } from "./support/hostile-server";

const post = (url: string) =>
  exchange({
    method: "POST",
    url,
    headers: { "DD-API-KEY": "a" },
    body: '{"name":"ci"}',
    timeoutMs: 10_000,
    largestAnswer: 1024,
  });

test("a host that refuses the connection at each of its addresses was not reached", async () => {
  const server = await startHostileServer(() => undefined);
  await server[Symbol.asyncDispose]();
  await expect(post(server.url.replace("127.0.0.1", "localhost"))).rejects.toMatchObject({
    kind: "noConnection",
    code: "ECONNREFUSED",
  });
});

test("a host name without an address was not reached", async () => {
  await expect(post("http://nowhere.invalid/")).rejects.toMatchObject({
    kind: "noAddress",
    message: "no address was found for nowhere.invalid",
  });
});

test.each(["EHOSTUNREACH", "ENETUNREACH", "ENETDOWN", "ECONNRESET"])(
  "if the network fails (%s) after a request was sent, the result of the request is unknown",
  async (code) => {
    await using server = await startHostileServer(() => undefined);
    const sockets: Socket[] = [];
    const note = (message: unknown) => sockets.push((message as { socket: Socket }).socket);
    subscribe("net.client.socket", note);
    const answer = post(server.url);
    await expect.poll(() => server.requests).toEqual(["POST /"]);
    unsubscribe("net.client.socket", note);
    // Node.js does this when the system reports the error for a socket.
    sockets[0]?.destroy(Object.assign(new Error(`read ${code}`), { code, syscall: "read" }));
    await expect(answer).rejects.toMatchObject({ kind: "unanswered", code });
  },
);
