import { once } from "node:events";
import { subscribe, unsubscribe } from "node:diagnostics_channel";
import { type AddressInfo, type Socket, createServer } from "node:net";
import { expect, onTestFinished, test } from "vitest";
import { exchange } from "../../provider/datadog/http";

/** A port of the loopback address, and what has connected to it so far. */
async function listen(): Promise<{ port: number; connections: Socket[]; close: () => Promise<void> }> {
  const connections: Socket[] = [];
  const server = createServer((socket) => {
    connections.push(socket);
    socket.on("error", () => undefined);
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  const close = async () => {
    for (const socket of connections) socket.destroy();
    server.close();
    await once(server, "close");
  };
  return { port, connections, close };
}

const post = (url: string) =>
  exchange({ method: "POST", url, headers: { "DD-API-KEY": "a" }, body: '{"name":"ci"}', timeoutMs: 10_000 });

test("a host that refuses at each of its addresses was never reached", async () => {
  const { port, close } = await listen();
  await close();
  await expect(post(`http://localhost:${port}/`)).rejects.toMatchObject({ kind: "unreached", code: "ECONNREFUSED" });
});

test("a name without an address was never reached", async () => {
  await expect(post("http://nowhere.invalid/")).rejects.toMatchObject({ kind: "unreached" });
});

test.each(["EHOSTUNREACH", "ENETUNREACH", "ENETDOWN", "ECONNRESET"])(
  "a network that goes away (%s) after a request was sent leaves its outcome open",
  async (code) => {
    const server = await listen();
    onTestFinished(server.close);
    const sockets: Socket[] = [];
    const note = (message: unknown) => sockets.push((message as { socket: Socket }).socket);
    subscribe("net.client.socket", note);
    const answer = post(`http://127.0.0.1:${server.port}/`);
    await expect.poll(() => server.connections[0]?.bytesRead ?? 0).toBeGreaterThan(0);
    unsubscribe("net.client.socket", note);
    // What Node.js does with a socket that the system reports such an error for.
    sockets[0]?.destroy(Object.assign(new Error(`read ${code}`), { code, syscall: "read" }));
    await expect(answer).rejects.toMatchObject({ kind: "unanswered", code });
  },
);
