import http from "node:http";
import type { AddressInfo } from "node:net";

type Handler = (request: http.IncomingMessage, response: http.ServerResponse) => void;

export interface HostileServer extends AsyncDisposable {
  readonly url: string;
  readonly apiKey: string;
  readonly appKey: string;
  /** Method and path of each request. */
  readonly requests: readonly string[];
  /** Bytes of response bodies that the socket accepted. */
  sent: number;
}

/**
 * A server whose answers Datadog would never send. It answers every path alike, unless the handler looks at the path.
 */
export async function startHostileServer(handle: Handler): Promise<HostileServer> {
  const requests: string[] = [];
  const server = http.createServer((request, response) => {
    requests.push(`${request.method ?? ""} ${request.url ?? ""}`);
    request.resume();
    handle(request, response);
  });
  await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    apiKey: "0123456789abcdef0123456789abcdef",
    appKey: "ddapp_hostile7hostile7hostile7hostile7ho",
    requests,
    sent: 0,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((closed) => server.close(closed));
    },
  };
}
