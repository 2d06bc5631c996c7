import http, { type RequestListener } from "node:http";
import https from "node:https";
import net, { type AddressInfo, type Server, type Socket } from "node:net";
import tls from "node:tls";
import { generate } from "selfsigned";

interface Started extends AsyncDisposable {
  readonly port: number;
}

async function start(server: Server): Promise<Started> {
  const sockets = new Set<Socket>();
  server.on("connection", (socket: Socket) => {
    sockets.add(socket.on("error", () => undefined).on("close", () => sockets.delete(socket)));
  });
  await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
  return {
    port: (server.address() as AddressInfo).port,
    async [Symbol.asyncDispose]() {
      for (const socket of sockets) socket.destroy();
      await new Promise((closed) => server.close(closed));
    },
  };
}

function join(one: Socket, other: Socket): void {
  for (const socket of [one, other]) socket.on("error", () => undefined);
  one.pipe(other).pipe(one);
}

/** A TLS server with a self-signed certificate in front of a plain HTTP server. */
export async function startTlsFront(behind: string, host: string): Promise<Started & { readonly certificate: string }> {
  const { private: key, cert } = await generate([{ name: "commonName", value: host }], {
    extensions: [{ name: "subjectAltName", altNames: [{ type: 2, value: host }] }],
  });
  const { hostname, port } = new URL(behind);
  const server = tls.createServer({ key, cert }, (socket) => {
    join(socket, net.connect(Number(port), hostname));
  });
  server.on("tlsClientError", () => undefined);
  return Object.assign(await start(server), { certificate: cert });
}

export interface Proxy extends Started {
  /** The host of each request for a tunnel. */
  readonly asked: readonly string[];
  /** User and password of each request. */
  readonly logins: readonly string[];
}

export interface ProxyOptions {
  /** The port that every tunnel leads to, whatever host the client asks for. */
  readonly to: number;
  readonly secured?: boolean;
}

/** A proxy that opens tunnels. */
export async function startProxy({ to, secured = false }: ProxyOptions): Promise<Proxy> {
  const asked: string[] = [];
  const logins: string[] = [];
  const refuse: RequestListener = (_request, response) => {
    response.writeHead(405).end();
  };
  const server = secured ? https.createServer(await certificateOf("127.0.0.1"), refuse) : http.createServer(refuse);
  server.on("connect", (request, client: Socket) => {
    asked.push(request.url ?? "");
    const [, login = ""] = (request.headers["proxy-authorization"] ?? "").split(" ");
    logins.push(Buffer.from(login, "base64").toString());
    const upstream = net.connect(to, "127.0.0.1", () => {
      client.write("HTTP/1.1 200 Connection established\r\n\r\n");
      join(client, upstream);
    });
    upstream.on("error", () => client.destroy());
  });
  return Object.assign(await start(server), { asked, logins });
}

async function certificateOf(host: string) {
  const { private: key, cert } = await generate([{ name: "commonName", value: host }]);
  return { key, cert };
}

/** A SOCKS5 proxy (RFC 1928) that requires a user and a password (RFC 1929). */
export async function startSocksProxy({ to }: Pick<ProxyOptions, "to">): Promise<Proxy> {
  const asked: string[] = [];
  const logins: string[] = [];
  const server = net.createServer((client) => {
    client.on("error", () => undefined);
    const steps = [
      () => client.write(Buffer.from([5, 2])),
      (data: Buffer) => {
        const user = data.subarray(2, 2 + (data[1] ?? 0));
        const password = data.subarray(3 + user.length);
        logins.push(`${user.toString()}:${password.toString()}`);
        client.write(Buffer.from([1, 0]));
      },
      (data: Buffer) => {
        asked.push(
          data[3] === 3 ? `${data.subarray(5, -2).toString()}:${data.readUInt16BE(data.length - 2)}` : "an address",
        );
        const upstream = net.connect(to, "127.0.0.1", () => {
          client.write(Buffer.from([5, 0, 0, 1, 127, 0, 0, 1, 0, 0]));
          join(client, upstream);
        });
      },
    ];
    client.on("data", function next(data: Buffer) {
      steps.shift()?.(data);
      if (steps.length === 0) client.off("data", next);
    });
  });
  return Object.assign(await start(server), { asked, logins });
}
