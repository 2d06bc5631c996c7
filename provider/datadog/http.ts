import { type AxiosError, AxiosHeaders, type AxiosResponse, getAdapter, isAxiosError } from "axios";
import { Agent as HttpAgent } from "node:http";
import { Agent as HttpsAgent } from "node:https";
import { TLSSocket } from "node:tls";

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
  constructor(
    /**
     * `unreached`: surely never sent. `distrusted`: the same, and trying again cannot help.
     * `unanswered`: it may have arrived. `oversized`: it arrived, and the answer is too large to be one of Datadog's.
     */
    readonly kind: "unreached" | "distrusted" | "unanswered" | "oversized",
    readonly code: string,
    message: string,
  ) {
    super(message);
  }
}

// One pool for the whole process: a thousand keys need a handful of TLS handshakes.
const httpAgent = new HttpAgent({ keepAlive: true });
const httpsAgent = new HttpsAgent({ keepAlive: true });

/**
 * axios's own sender, without what `axios.request` does around it: merging defaults, interceptors, transforms. Nothing of
 * that is used here, and it allocates 24 of the 38 kB that axios takes for a request (sampled over a thousand renames).
 */
const send = getAdapter("http");

export async function exchange(request: Exchange): Promise<Answer> {
  // Not AbortSignal.timeout(): its signal and timer live on for those 30 s after each request.
  const timeout = new AbortController();
  const timer = setTimeout(() => {
    timeout.abort();
  }, request.timeoutMs);
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
      httpAgent,
      httpsAgent,
      // Plain http is for loopback only (see settings.ts); a proxy would see the credentials.
      ...(request.url.startsWith("http:") && { proxy: false as const }),
    })) as AxiosResponse<string>;
    if (request.url.startsWith("https:") && !cameThroughTls(response)) throw refusedByProxy(response.status);
    return { status: response.status, headers: response.headers, text: response.data };
  } catch (error) {
    if (timeout.signal.aborted)
      throw new ExchangeError("unanswered", "no answer", `Datadog did not answer in ${request.timeoutMs / 1000} s`);
    if (!isAxiosError(error)) throw error;
    throw describe(error, request);
  } finally {
    clearTimeout(timer);
  }
}

/** A proxy that refuses to open a tunnel answers in the place of the server, before TLS is begun with that. */
function cameThroughTls({ request }: AxiosResponse): boolean {
  return (request as { socket?: unknown }).socket instanceof TLSSocket;
}

export function refusedByProxy(status: number): ExchangeError {
  const words = `the proxy (HTTPS_PROXY) refused with ${status} to open a connection, so that nothing was sent`;
  return new ExchangeError(status >= 500 ? "unreached" : "distrusted", String(status), words);
}

/**
 * Whether a connection failed while it was being opened, so that nothing of the request was sent. The code does not tell:
 * a network that goes down fails connections in use with the same ones.
 */
function neverOpened({ cause }: AxiosError): boolean {
  // A name may have several addresses, all of which are tried.
  const causes: unknown[] = cause instanceof AggregateError ? cause.errors : [cause];
  return causes.every(
    (one) => one instanceof Error && "syscall" in one && /^(connect|getaddrinfo)$/.test(String(one.syscall)),
  );
}

/**
 * Whether TLS was established, so that something of the request may have been sent: a middlebox that corrupts an open
 * connection fails it with the same codes as a handshake. Node.js says how it judged the certificate once it has one.
 */
function wasSecured({ request }: AxiosError): boolean {
  const socket = (request as { socket?: unknown } | undefined)?.socket;
  return socket instanceof TLSSocket && (socket.authorized || Boolean(socket.authorizationError));
}

function describe(error: AxiosError, { largestAnswer }: Exchange): ExchangeError {
  const code = error.code ?? "no answer";
  if (neverOpened(error)) return new ExchangeError("unreached", code, "the connection could not be opened");
  // Node names a failed handshake after OpenSSL: CERT_HAS_EXPIRED, SELF_SIGNED_CERT_IN_CHAIN, ERR_TLS_…, EPROTO
  const handshake = /^(ERR_SSL|EPROTO)/.test(code) ? !wasSecured(error) : /CERT|^ERR_TLS|^UNABLE_TO_/.test(code);
  if (handshake) return new ExchangeError("distrusted", code, "no trusted TLS connection could be made");
  if (error.message.includes("maxContentLength"))
    return new ExchangeError("oversized", code, `the answer is larger than ${largestAnswer / 1024 / 1024} MiB`);
  return new ExchangeError("unanswered", code, "the connection ended before an answer came");
}
