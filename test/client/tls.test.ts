import net, { type AddressInfo, type Server } from "node:net";
import tls from "node:tls";
import { generate } from "selfsigned";
import { describe, expect, onTestFinished, test, vi } from "vitest";
import { exchange } from "../../provider/datadog/http";
import { ProviderProcess } from "./support/provider-process";

async function listen(server: Server): Promise<number> {
  await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
  onTestFinished(() => void server.close());
  return (server.address() as AddressInfo).port;
}

const credentials = { apiKey: "0".repeat(32), appKey: "1".repeat(40) };

const post = (to: number | string, timeoutMs = 10_000) =>
  exchange({
    method: "POST",
    url: typeof to === "string" ? to : `https://127.0.0.1:${to}/`,
    headers: {},
    body: '{"name":"ci"}',
    timeoutMs,
    largestAnswer: 1024,
  });

test("if TLS breaks on an open connection, the result of a POST is unknown", async () => {
  // The certificate is not signed by an authority, because this test is about what happens after the handshake.
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
  // A middlebox between the two, which at some point sends data that is not TLS.
  const middlebox = net.createServer((client) => {
    const upstream = net.connect(behind, "127.0.0.1");
    for (const socket of [client, upstream]) socket.on("error", () => undefined);
    client.pipe(upstream).pipe(client);
    corrupt = () => client.write("HTTP/1.1 503 Service Unavailable\r\n\r\n");
  });
  await expect(post(await listen(middlebox))).rejects.toMatchObject({ kind: "unanswered" });
  expect(received).toEqual(["POST / HTTP/1.1"]);
});

test("a failed handshake sends nothing of the request", async () => {
  const plain = net.createServer((socket) => {
    socket.on("error", () => undefined);
    socket.once("data", () => socket.write("HTTP/1.1 400 Bad Request\r\n\r\n"));
  });
  await expect(post(await listen(plain))).rejects.toMatchObject({ kind: "noTls" });
});

test("a server that closes the connection in the handshake has received nothing of a POST", async () => {
  const closing = net.createServer((socket) => {
    socket.on("error", () => undefined);
    socket.once("data", () => socket.resetAndDestroy());
  });
  await expect(post(await listen(closing))).rejects.toMatchObject({ kind: "noConnection", code: "ECONNRESET" });
});

test("a server that never ends the handshake has received nothing of a POST, and the error says that no connection could be opened", async () => {
  const silent = net.createServer((socket) => void socket.on("error", () => undefined).resume());
  const port = await listen(silent);
  await expect(post(port, 100)).rejects.toMatchObject({
    kind: "noConnection",
    code: "ETIMEDOUT",
    message: `no connection to 127.0.0.1:${port} could be opened in 0.1 s`,
  });
});

test("a server that never answers after the handshake may have received a POST", async () => {
  vi.stubEnv("NODE_TLS_REJECT_UNAUTHORIZED", "0");
  onTestFinished(() => void vi.unstubAllEnvs());
  const { private: key, cert } = await generate([{ name: "commonName", value: "127.0.0.1" }]);
  const silent = tls.createServer({ key, cert }, (socket) => void socket.on("error", () => undefined).resume());
  await expect(post(await listen(silent), 300)).rejects.toMatchObject({
    kind: "unanswered",
    message: "Datadog did not answer in 0.3 s",
  });
});

describe("a proxy", () => {
  const throughProxy = async (answer: (socket: net.Socket) => void) => {
    const proxy = net.createServer((socket) => {
      socket.on("error", () => undefined);
      socket.once("data", () => {
        answer(socket);
      });
    });
    const port = await listen(proxy);
    vi.stubEnv("https_proxy", `http://127.0.0.1:${port}`);
    vi.stubEnv("no_proxy", undefined);
    vi.stubEnv("NO_PROXY", undefined);
    onTestFinished(() => void vi.unstubAllEnvs());
    return { name: `the proxy in https_proxy (127.0.0.1:${port})`, url: "https://api.datadoghq.com/" };
  };

  test("that closes the connection before it opens a tunnel has passed nothing on", async () => {
    const { name, url } = await throughProxy((socket) => socket.end());
    await expect(post(url)).rejects.toMatchObject({
      kind: "noConnection",
      message: `no connection to ${name} could be opened`,
    });
  });

  test("that never answers is named in the error", async () => {
    const { name, url } = await throughProxy(() => undefined);
    await expect(post(url, 100)).rejects.toMatchObject({
      kind: "noConnection",
      message: `no connection to ${name} could be opened in 0.1 s`,
    });
  });

  test("that opens a tunnel to nothing is not named, because Datadog is what cannot be reached", async () => {
    const { url } = await throughProxy((socket) => socket.write("HTTP/1.1 200 OK\r\n\r\n"));
    await expect(post(url, 300)).rejects.toMatchObject({
      kind: "noConnection",
      message: "no connection to api.datadoghq.com could be opened in 0.3 s",
    });
  });
});

describe("an untrusted certificate", () => {
  const serve = async (options: Parameters<typeof generate>[1]) => {
    const { private: key, cert } = await generate([{ name: "commonName", value: "localhost" }], options);
    const server = tls.createServer({ key, cert });
    server.on("tlsClientError", () => undefined);
    return { port: await listen(server), cert };
  };
  const localhost = {
    extensions: [{ name: "subjectAltName" as const, altNames: [{ type: 2 as const, value: "localhost" }] }],
  };

  test("of an unknown authority causes an error with NODE_EXTRA_CA_CERTS", async () => {
    const { port } = await serve(localhost);
    vi.stubEnv("NODE_EXTRA_CA_CERTS", undefined);
    onTestFinished(() => void vi.unstubAllEnvs());
    const url = `https://localhost:${port}`;
    const error = await new ProviderProcess({ ...credentials, url }).create({ name: "ci" }).catch(String);
    expect(error).toBe(
      "UnreachableError: DEPTH_ZERO_SELF_SIGNED_CERT listing the application keys (v1) on datadoghq.com: the certificate " +
        `of localhost:${port} is signed by an authority that Node.js does not trust. If it is your company's authority, set ` +
        "NODE_EXTRA_CA_CERTS, in the environment of pulumi, to the file of its certificate (PEM).",
    );
    vi.stubEnv("NODE_EXTRA_CA_CERTS", "elsewhere.pem");
    await expect(new ProviderProcess({ ...credentials, url }).create({ name: "ci" })).rejects.toThrow(
      /NODE_EXTRA_CA_CERTS is set: check that its file can be read/,
    );
  });

  test("of another host causes a different error", async () => {
    const { port, cert } = await serve(localhost);
    const known = tls.getCACertificates("default");
    tls.setDefaultCACertificates([...known, cert]);
    onTestFinished(() => {
      tls.setDefaultCACertificates(known);
    });
    await expect(post(`https://127.0.0.1:${port}`)).rejects.toMatchObject({
      kind: "certificate",
      code: "ERR_TLS_CERT_ALTNAME_INVALID",
      message: `the certificate of 127.0.0.1:${port} is not valid for it`,
    });
  });
});
