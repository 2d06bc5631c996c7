import { AxiosHeaders, type AxiosResponse, getAdapter, isAxiosError } from "axios";
import http, { type ClientRequest, type IncomingMessage } from "node:http";
import https, { type RequestOptions } from "node:https";
import { TLSSocket } from "node:tls";
import { type WayOut, wayOutTo } from "./agents";
import type { Obstacle } from "./obstacles";
import { connectTimeoutMs } from "./patience";
import { MalformedProxyError, type Proxy } from "./proxy";

/** One request as it goes over the wire. */
export interface Exchange {
  readonly method: "GET" | "POST" | "PUT" | "PATCH" | "DELETE";
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
  readonly timeoutMs: number;
  /** Largest answer that is accepted, in bytes. */
  readonly largestAnswer: number;
}

/** An answer with any status. */
export interface Answer {
  readonly status: number;
  /** By lower-case name, as Node.js gives them. */
  readonly headers: Readonly<Record<string, unknown>>;
  readonly text: string;
}

/**
 * Why no usable answer came. Carries no part of the request, unlike axios's own errors, which hold its headers and URL.
 */
export class ExchangeError extends Error {
  override name = "ExchangeError";
  /**
   * @param kind what stood in the way, so that certainly nothing was sent; `unanswered`: it may have arrived; `oversized`: it
   * arrived, and the answer is too large to be one of Datadog's
   */
  constructor(
    readonly kind: Obstacle | "unanswered" | "oversized",
    readonly code: string,
    message: string,
  ) {
    super(message);
  }
}

/**
 * axios's http adapter, without what `axios.request` adds: merged defaults, interceptors, transforms. None of that is
 * used here, and it allocates 24 of the 38 kB that axios needs per request (sampled over a thousand renames).
 */
const send = getAdapter("http");

/** How far a request got. Nothing is written before its connection is open, and for https before TLS is established. */
interface Progress {
  /** Whether the proxy, if there is one, has opened the tunnel. */
  throughProxy: boolean;
  open: boolean;
}

export async function exchange(request: Exchange): Promise<Answer> {
  const target = new URL(request.url);
  const { agent, proxy } = await wayOut(target);
  const progress: Progress = { throughProxy: proxy === undefined, open: false };
  // AbortSignal.timeout() would keep its signal and timer for 30 s after each request.
  const timeout = new AbortController();
  const timer = setTimeout(() => {
    timeout.abort();
  }, request.timeoutMs);
  const connectMs = Math.min(request.timeoutMs, connectTimeoutMs);
  const connectTimer = setTimeout(() => {
    if (!progress.open) timeout.abort();
  }, connectMs);
  try {
    const response = (await send({
      method: request.method,
      url: request.url,
      headers: new AxiosHeaders(request.headers),
      data: request.body,
      // axios's own timeout only watches for silence. A server that sends one byte a second would hold the request
      // forever.
      signal: timeout.signal,
      // A redirect would send the credentials to any host.
      maxRedirects: 0,
      maxContentLength: request.largestAnswer,
      responseType: "text",
      transport: watched(target, progress, () => {
        clearTimeout(connectTimer);
      }),
      httpAgent: agent,
      httpsAgent: agent,
      // The agent already handles the proxy.
      proxy: false,
    })) as AxiosResponse<string>;
    if (proxy && !cameThroughTls(response)) throw refusedByProxy(response.status, proxy, target.host);
    return { status: response.status, headers: response.headers, text: response.data };
  } catch (error) {
    if (error instanceof ExchangeError) throw error;
    const way = { target, proxy: progress.throughProxy ? undefined : proxy };
    if (timeout.signal.aborted)
      throw progress.open
        ? new ExchangeError("unanswered", "no answer", `Datadog did not answer in ${request.timeoutMs / 1000} s`)
        : notOpened("ETIMEDOUT", way, ` in ${connectMs / 1000} s`);
    if (!isAxiosError(error)) throw error;
    const { code = "no answer", message } = error;
    if (!progress.open) throw describeObstacle(code, way);
    if (message.includes("maxContentLength"))
      throw new ExchangeError(
        "oversized",
        code,
        `the answer is larger than ${request.largestAnswer / 1024 / 1024} MiB`,
      );
    throw new ExchangeError("unanswered", code, "the connection ended before an answer came");
  } finally {
    clearTimeout(timer);
    clearTimeout(connectTimer);
  }
}

async function wayOut(target: URL): Promise<WayOut> {
  try {
    return await wayOutTo(target);
  } catch (error) {
    if (!(error instanceof MalformedProxyError)) throw error;
    throw new ExchangeError("malformedProxy", "ERR_INVALID_URL", error.message);
  }
}

/** Node.js's http client, which records how far a request got. */
function watched({ protocol }: URL, progress: Progress, opened: () => void) {
  const open = () => {
    progress.open = true;
    opened();
  };
  return {
    request(options: RequestOptions, answered: (answer: IncomingMessage) => void): ClientRequest {
      const request = (protocol === "https:" ? https : http).request(options, answered);
      request.once("socket", (socket) => {
        progress.throughProxy = true;
        const isOpen = socket instanceof TLSSocket ? isSecured(socket) : !socket.connecting;
        if (request.reusedSocket || isOpen) open();
        else socket.once(socket instanceof TLSSocket ? "secureConnect" : "connect", open);
      });
      return request;
    },
  };
}

/** Node.js says what it thinks of the certificate once it has received one. */
function isSecured(socket: TLSSocket): boolean {
  return socket.authorized || Boolean(socket.authorizationError);
}

/** A proxy that refuses a tunnel answers instead of the server, before TLS starts. */
function cameThroughTls({ request }: AxiosResponse): boolean {
  return (request as { socket?: unknown }).socket instanceof TLSSocket;
}

export function refusedByProxy(status: number, { url, variable }: Proxy, host: string): ExchangeError {
  const words = `the proxy in ${variable} refused with ${status} to open a connection to ${host}, so nothing was sent`;
  if (status === 407) return new ExchangeError(url.username ? "proxyPassword" : "proxyLogin", "407", words);
  return new ExchangeError(status >= 500 ? "proxyFailed" : "proxyRefused", String(status), words);
}

/** The host that the connection was opened to: the proxy if there is one, otherwise Datadog. */
interface Way {
  readonly target: URL;
  readonly proxy: Proxy | undefined;
}

function describeObstacle(code: string, way: Way): ExchangeError {
  const end = nameOf(way);
  if (/^(ENOTFOUND|EAI_\w+)$/.test(code))
    return new ExchangeError("noAddress", code, `no address was found for ${end}`);
  if (/SELF_SIGNED|ISSUER|^UNABLE_TO_|^CERT_UNTRUSTED/.test(code)) {
    const known = process.env["NODE_EXTRA_CA_CERTS"] ? "anotherAuthority" : "unknownAuthority";
    return new ExchangeError(
      known,
      code,
      `the certificate of ${end} is signed by an authority that Node.js does not trust`,
    );
  }
  // Node.js names a failed handshake after OpenSSL: CERT_HAS_EXPIRED, ERR_TLS_CERT_ALTNAME_INVALID, ERR_SSL_…, EPROTO
  if (/CERT|^ERR_TLS|^CRL_|^INVALID_|MISMATCH/.test(code))
    return new ExchangeError("certificate", code, `the certificate of ${end} is not valid for it`);
  if (/^(ERR_SSL|EPROTO)/.test(code))
    return new ExchangeError("noTls", code, `no trusted TLS connection to ${end} could be made`);
  return notOpened(code, way);
}

function notOpened(code: string, way: Way, inTime = ""): ExchangeError {
  return new ExchangeError("noConnection", code, `no connection to ${nameOf(way)} could be opened${inTime}`);
}

function nameOf({ target, proxy }: Way): string {
  return proxy ? `the proxy in ${proxy.variable} (${proxy.url.host})` : target.host;
}
