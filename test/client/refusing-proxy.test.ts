import http from "node:http";
import type { AddressInfo, Socket } from "node:net";
import { afterEach, describe, expect, test, vi } from "vitest";
import { ProviderProcess } from "./support/provider-process";

/** A proxy that answers every CONNECT with this status, as if it required a password or forbade the host. */
async function startRefusingProxy(status: number) {
  const asked: string[] = [];
  const server = http.createServer();
  server.on("connect", (request, socket: Socket) => {
    asked.push(request.url ?? "");
    // The answer has Datadog's format, so the client could mistake it for Datadog's.
    const body = JSON.stringify({ errors: ["Forbidden"] });
    socket.end(
      `HTTP/1.1 ${status} No\r\nContent-Type: application/json\r\nContent-Length: ${body.length}\r\n\r\n${body}`,
    );
  });
  await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    asked,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((closed) => server.close(closed));
    },
  };
}

const api = { url: "https://api.datadoghq.com", apiKey: "0".repeat(32), appKey: "1".repeat(40) };

describe("a proxy that opens no tunnel", () => {
  afterEach(() => {
    vi.unstubAllEnvs();
  });

  const allow = "Ask those who run the proxy to allow that host, or exempt it in NO_PROXY.";
  const login =
    "Give the proxy's user and password in that variable: http://user:password@host:port, with special characters " +
    "percent-encoded (@ is %40).";
  test.each([
    [403, allow],
    [404, allow],
    [407, login],
    [410, allow],
  ])("is not mistaken for Datadog and does not make the client try v2 after v1: %i", async (status, nextStep) => {
    await using proxy = await startRefusingProxy(status);
    vi.stubEnv("HTTPS_PROXY", proxy.url);
    vi.stubEnv("NO_PROXY", "");
    await expect(new ProviderProcess(api).create({ name: "ci" })).rejects.toThrow(
      `${status} listing the application keys (v1) on datadoghq.com: the proxy in HTTPS_PROXY refused with ${status} to ` +
        `open a connection to api.datadoghq.com, so nothing was sent. ${nextStep}`,
    );
    expect(proxy.asked).toEqual(["api.datadoghq.com:443"]);
  });

  test("for a wrong user or password is reported without showing either", async () => {
    await using proxy = await startRefusingProxy(407);
    vi.stubEnv("HTTPS_PROXY", proxy.url.replace("//", "//ada:geheim@"));
    vi.stubEnv("NO_PROXY", "");
    const error = await new ProviderProcess(api).create({ name: "ci" }).catch(String);
    expect(error).toMatch(/refused with 407 .* Correct the user and the password in that variable/);
    expect(error).not.toMatch(/geheim|ada:/);
  });

  test("because it cannot reach Datadog gets the request again", async () => {
    await using proxy = await startRefusingProxy(502);
    vi.stubEnv("HTTPS_PROXY", proxy.url);
    vi.stubEnv("NO_PROXY", "");
    await expect(new ProviderProcess(api).create({ name: "ci" })).rejects.toThrow(/the proxy .* refused with 502/);
    expect(proxy.asked).toHaveLength(4);
  });

  test("never removes the key from the state, whatever it answers", async () => {
    await using proxy = await startRefusingProxy(404);
    vi.stubEnv("HTTPS_PROXY", proxy.url);
    vi.stubEnv("NO_PROXY", "");
    const { provider } = new ProviderProcess(api);
    const state = { name: "ci", site: "datadoghq.com", apiVersion: "v2", owner: "ada@example.com" } as const;
    const id = "5ea50001-0000-4000-8000-000000000001";
    await expect(provider.read(id, state)).rejects.toThrow(/the proxy .* refused with 404/);
    await expect(provider.delete(id, state)).rejects.toThrow(/the proxy .* refused with 404/);
  });
});
