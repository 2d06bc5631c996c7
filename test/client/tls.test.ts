import net, { type AddressInfo, type Server } from "node:net";
import tls from "node:tls";
import { generate } from "selfsigned";
import { expect, onTestFinished, test, vi } from "vitest";
import { exchange } from "../../provider/datadog/http";

async function listen(server: Server): Promise<number> {
  await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
  onTestFinished(() => void server.close());
  return (server.address() as AddressInfo).port;
}

const post = (port: number) =>
  exchange({
    method: "POST",
    url: `https://127.0.0.1:${port}/`,
    headers: {},
    body: '{"name":"ci"}',
    timeoutMs: 10_000,
    largestAnswer: 1024,
  });

test("TLS that breaks on an open connection leaves the outcome of a POST open", async () => {
  // The certificate is nobody's: what this is about comes after the handshake.
  vi.stubEnv("NODE_TLS_REJECT_UNAUTHORIZED", "0");
  onTestFinished(() => void vi.unstubAllEnvs());
  const { private: key, cert } = await generate([{ name: "commonName", value: "127.0.0.1" }]);
  let corrupt: () => void = () => undefined;
  const received: string[] = [];
  const server = tls.createServer({ key, cert }, (socket) => {
    socket.on("error", () => undefined);
    socket.on("data", (data) => {
      received.push(String(data).split("\r\n")[0] ?? "");
      corrupt();
    });
  });
  const behind = await listen(server);
  // A middlebox between the two, which at some time sends what is no TLS.
  const middlebox = net.createServer((client) => {
    const upstream = net.connect(behind, "127.0.0.1");
    for (const socket of [client, upstream]) socket.on("error", () => undefined);
    client.pipe(upstream).pipe(client);
    corrupt = () => client.write("HTTP/1.1 503 Service Unavailable\r\n\r\n");
  });
  await expect(post(await listen(middlebox))).rejects.toMatchObject({ kind: "unanswered" });
  expect(received).toEqual(["POST / HTTP/1.1"]);
});

test("a handshake that fails has sent nothing", async () => {
  const plain = net.createServer((socket) => {
    socket.on("error", () => undefined);
    socket.once("data", () => socket.write("HTTP/1.1 400 Bad Request\r\n\r\n"));
  });
  await expect(post(await listen(plain))).rejects.toMatchObject({ kind: "distrusted" });
});
