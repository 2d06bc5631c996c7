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
  /** Bytes of the largest answer that is read. */
  readonly largestAnswer: number;
}

/** What came back, whatever its status. */
export interface Answer {
  readonly status: number;
  /** By lower-case name, as Node.js gives them. */
  readonly headers: Readonly<Record<string, unknown>>;
  readonly text: string;
}

/** Why nothing usable came back. Carries no part of the request: axios's own errors hold its headers and URL. */
export class ExchangeError extends Error {
  override name = "ExchangeError";
  /**
   * @param kind what stood in the way, so that surely nothing was sent; `unanswered`: it may have arrived; `oversized`: it
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
 * axios's own sender, without what `axios.request` does around it: merging defaults, interceptors, transforms. Nothing of
 * that is used here, and it allocates 24 of the 38 kB that axios takes for a request (sampled over a thousand renames).
 */
const send = getAdapter("http");

/** How far a request has come. Nothing of it is written before its connection is open, over https the secured one. */
interface Progress {
  /** Whether the proxy, if there is one, has let us through. */
  throughProxy: boolean;
  open: boolean;
}

export async function exchange(request: Exchange): Promise<Answer> {
  const target = new URL(request.url);
  const { agent, proxy } = await wayOut(target);
  const progress: Progress = { throughProxy: proxy === undefined, open: false };
  // Not AbortSignal.timeout(): its signal and timer live on for those 30 s after each request.
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
      // axios's own timeout only watches for silence; a server that drips one byte a second would hold us for ever.
      signal: timeout.signal,
      // A redirect would carry the credentials to wherever it points.
      maxRedirects: 0,
      maxContentLength: request.largestAnswer,
      responseType: "text",
      transport: watched(target, progress, () => {
        clearTimeout(connectTimer);
      }),
      httpAgent: agent,
      httpsAgent: agent,
      // The agent is one that goes through the proxy.
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

/** Node.js's own sender, which notes how far a request has come. */
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

/** Node.js says how it judged the certificate once it has one. */
function isSecured(socket: TLSSocket): boolean {
  return socket.authorized || Boolean(socket.authorizationError);
}

/** A proxy that refuses to open a tunnel answers in the place of the server, before TLS is begun with that. */
function cameThroughTls({ request }: AxiosResponse): boolean {
  return (request as { socket?: unknown }).socket instanceof TLSSocket;
}

export function refusedByProxy(status: number, { url, variable }: Proxy, host: string): ExchangeError {
  const words = `the proxy in ${variable} refused with ${status} to open a connection to ${host}, so nothing was sent`;
  if (status === 407) return new ExchangeError(url.username ? "proxyPassword" : "proxyLogin", "407", words);
  return new ExchangeError(status >= 500 ? "proxyFailed" : "proxyRefused", String(status), words);
}

/** Where a connection was being opened to: the proxy, or else Datadog. */
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
