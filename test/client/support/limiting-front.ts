import http from "node:http";
import type { AddressInfo } from "node:net";
import type { Sandbox } from "../../../sandbox/index";
import { VirtualClock } from "./virtual-clock";

export interface LimitingFront extends AsyncDisposable {
  readonly url: string;
  /** Each request and each wait moves this clock. */
  readonly clock: VirtualClock;
  /** How many requests were refused, by the number of the window. */
  readonly refused: ReadonlyMap<number, number>;
  /** When each request arrived. */
  readonly arrivals: readonly number[];
  /** Resolves once no request is in flight. The clock must not jump while an answer is on its way. */
  quiet(): Promise<void>;
}

interface Limit {
  readonly requests: number;
  readonly seconds: number;
  /** How long a request takes. @default 5 ms */
  readonly requestMs?: number;
}

/** A sandbox behind Datadog's rate limit in virtual time: one limit for all requests, in fixed windows. */
export async function startLimitingFront(sandbox: Sandbox, limit: Limit): Promise<LimitingFront> {
  const clock: VirtualClock = new VirtualClock(() => front.quiet());
  const refused = new Map<number, number>();
  const used = new Map<number, number>();
  const arrivals: number[] = [];
  const windowMs = limit.seconds * 1000;
  let inFlight = 0;

  const server = http.createServer((request, response) => {
    arrivals.push(clock.now());
    inFlight += 1;
    response.on("close", () => (inFlight -= 1));
    clock.advance(limit.requestMs ?? 5);
    const window = Math.floor(clock.now() / windowMs);
    const count = (used.get(window) ?? 0) + 1;
    used.set(window, count);
    const headers = {
      "x-ratelimit-name": "all",
      "x-ratelimit-limit": limit.requests,
      "x-ratelimit-period": limit.seconds,
      "x-ratelimit-remaining": Math.max(limit.requests - count, 0),
      "x-ratelimit-reset": Math.ceil(((window + 1) * windowMs - clock.now()) / 1000),
    };
    if (count > limit.requests) {
      refused.set(window, (refused.get(window) ?? 0) + 1);
      response.writeHead(429, headers).end('{"errors":["Rate limit exceeded"]}');
      return;
    }
    const onward = http.request(sandbox.url + (request.url ?? "/"), {
      method: request.method,
      headers: request.headers,
    });
    onward.on("response", (answer) => {
      response.writeHead(answer.statusCode ?? 500, { ...answer.headers, ...headers });
      answer.pipe(response);
    });
    request.pipe(onward);
  });
  await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
  const front: LimitingFront = {
    clock,
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    refused,
    arrivals,
    async quiet() {
      for (let turns = 0; turns < 20; turns = inFlight > 0 ? 0 : turns + 1) await new Promise(setImmediate);
    },
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((closed) => server.close(closed));
    },
  };
  return front;
}
