import { defined } from "../defined";
import { type Clock, InterruptedError } from "./clock";
import {
  BadRequestError,
  ConflictError,
  InvalidAnswerError,
  LimitReachedError,
  NotFoundError,
  PermissionDeniedError,
  RateLimitedError,
  SecretAsIdError,
  type SettingNames,
  UnansweredError,
  UnexpectedAnswerError,
  UnreachableError,
} from "./errors";
import { type Answer, ExchangeError, exchange } from "./http";
import { longestRateLimitWaitMs } from "./patience";
import { RateLimits, readLimitHeaders } from "./rate-limit";
import { redact } from "./redact";
import type { ApiRequest } from "./api-request";
import { type Tell, logged } from "./request-log";
import { retryDelay } from "./retry";

const mebibyte = 1024 * 1024;
/** Far above Datadog's largest page of keys. */
const largestAnswer = mebibyte;
/** v1 lists all keys of an organisation in one answer, about 100 bytes per key. */
const largestList = 64 * mebibyte;

export interface ConnectionOptions {
  readonly apiUrl: string;
  readonly apiKey: string;
  readonly appKey: string;
  /** The names of the three settings in messages. */
  readonly names?: SettingNames;
  /** Time for one answer, to its last byte. */
  readonly timeoutMs: number;
  readonly clock: Clock;
  /** Reports a wait to the user. */
  readonly tell: Tell;
  /** Shows each request, if the user asks for it. */
  readonly log?: Tell;
}

/** Sends requests with one set of credentials. Waits for rate limits and retries what is safe to repeat. */
export class Connection {
  readonly #limits: RateLimits;
  readonly #options: ConnectionOptions;

  constructor(options: ConnectionOptions) {
    this.#options = options;
    this.#limits = new RateLimits(options.clock, options.tell);
  }

  /** A request whose errors name the settings of this connection. */
  naming(request: ApiRequest): ApiRequest {
    return { ...request, doing: { ...request.doing, ...defined({ settings: this.#options.names }) } };
  }

  /**
   * @returns the JSON of Datadog's answer, undefined where it has no body
   * @throws a DatadogError
   */
  async send(unnamed: ApiRequest): Promise<unknown> {
    const request = this.naming(unnamed);
    refuseSecretInPath(request);
    const { clock } = this.#options;
    for (let attempt = 1; ; attempt += 1) {
      try {
        return this.#parse(request, await this.#sendWithinLimits(request));
      } catch (error) {
        const delay = retryDelay(error, request.method, attempt, () => clock.random());
        if (delay === undefined) throw error;
        // The wait was interrupted and there is no next try, so report this failure.
        await clock.sleep(delay).catch(() => {
          throw error;
        });
      }
    }
  }

  async #sendWithinLimits(request: ApiRequest): Promise<Answer> {
    const { clock } = this.#options;
    const started = clock.now();
    let spentSending = 0;
    for (;;) {
      const waited = clock.now() - started - spentSending;
      const refuse = (words: string) => new RateLimitedError({ doing: request.doing, status: "429", words });
      const pass = await this.#limits
        .pass(`${request.method} ${request.route}`, longestRateLimitWaitMs - waited)
        .catch((error: unknown) => {
          throw error instanceof InterruptedError ? refuse("the wait for Datadog's rate limit was interrupted") : error;
        });
      if (!pass)
        throw refuse(`Datadog's rate limit asks to wait longer than ${longestRateLimitWaitMs / 60_000} minutes`);
      const sent = clock.now();
      let answer: Answer;
      try {
        answer = await logged(this.#options.log, clock, request, () => this.#attempt(request));
      } catch (error) {
        pass.answered(undefined, false);
        throw error;
      } finally {
        spentSending += clock.now() - sent;
      }
      const refused = answer.status === 429;
      pass.answered(readLimitHeaders(answer.headers), refused);
      if (!refused) return answer;
    }
  }

  async #attempt(request: ApiRequest): Promise<Answer> {
    const { apiKey, appKey, timeoutMs } = this.#options;
    try {
      return await exchange({
        method: request.method,
        url: this.#urlOf(request),
        headers: {
          Accept: "application/json",
          "DD-API-KEY": apiKey,
          "DD-APPLICATION-KEY": appKey,
          "User-Agent": "pulumi-datadog-application-key",
          ...(request.body && { "Content-Type": "application/json" }),
        },
        ...(request.body && { body: JSON.stringify(request.body) }),
        timeoutMs,
        largestAnswer: request.listsAll ? largestList : largestAnswer,
      });
    } catch (error) {
      if (!(error instanceof ExchangeError)) throw error;
      const facts = { doing: request.doing, status: error.code, words: error.message };
      switch (error.kind) {
        case "oversized":
          throw new InvalidAnswerError(facts);
        case "unanswered":
          throw new UnansweredError(facts);
        default:
          throw new UnreachableError(facts, error.kind);
      }
    }
  }

  #urlOf({ route, params = {}, query = {} }: ApiRequest): string {
    const path = route.replace(/\{(\w+)\}/g, (_, name: string) => encodeURIComponent(params[name] ?? ""));
    const search = new URLSearchParams(Object.entries(query)).toString();
    return this.#options.apiUrl + path + (search && `?${search}`);
  }

  #parse(request: ApiRequest, answer: Answer): unknown {
    if (answer.status >= 200 && answer.status <= 299) {
      if (answer.status === 204) return undefined;
      try {
        return JSON.parse(answer.text);
      } catch {
        // The parser's own message quotes the text, which may hold a key.
        const words = "the answer is not JSON";
        throw new InvalidAnswerError({ doing: request.doing, status: String(answer.status), words });
      }
    }
    throw this.#failure(request, answer);
  }

  #failure({ method, route, doing, permission, params = {} }: ApiRequest, { status, text }: Answer) {
    const secrets = [this.#options.apiKey, this.#options.appKey, params["key"] ?? ""];
    const explanation = datadogsWords(text);
    const words = redact(explanation ?? "the answer did not come from Datadog", secrets) || "Datadog gave no reason";
    const facts = { doing, status: String(status), words };
    if (status === 408 || status >= 500) return new UnansweredError(facts);
    const isMissing = [404, 405, 410].includes(status);
    // Datadog does not document what a disabled v1 endpoint answers, so it may be a page from Datadog's gateway.
    if (isMissing && route.startsWith("/api/v1/")) return new NotFoundError(facts, explanation !== undefined);
    if (explanation === undefined) return new UnexpectedAnswerError(facts);
    if (isMissing) return new NotFoundError(facts, true);
    if (method === "POST" && [400, 403].includes(status) && speaksOfLimit(explanation))
      return new LimitReachedError(facts);
    if ([400, 413, 415, 422].includes(status)) return new BadRequestError(facts);
    if ([401, 403].includes(status)) return new PermissionDeniedError(facts, permission);
    if (status === 409) return new ConflictError(facts);
    return new UnexpectedAnswerError(facts);
  }
}

/** Only v1's paths contain keys. Refuses any other id that looks like a key, because proxies log URLs. */
function refuseSecretInPath({ route, params = {}, doing }: ApiRequest): void {
  if (route.startsWith("/api/v1/")) return;
  if (Object.values(params).some((value) => /^\w{32,}$/.test(value))) throw new SecretAsIdError(doing);
}

/** Datadog does not document this message. Its limit on the length of names must not match. */
function speaksOfLimit(words: string): boolean {
  return (
    /limit|maximum|max_allowed|quota|too many/i.test(words) &&
    /keys\b/i.test(words) &&
    !/rate|character|length/i.test(words)
  );
}

/**
 * Datadog's own explanation: `{"errors": ["…"]}`, or JSON:API's `{"errors": [{"title", "detail"}]}`. It may be empty;
 * undefined where the answer is of another form, and so not Datadog's.
 */
function datadogsWords(text: string): string | undefined {
  let body: unknown;
  try {
    body = JSON.parse(text);
  } catch {
    return undefined;
  }
  if (typeof body !== "object" || body === null || !("errors" in body) || !Array.isArray(body.errors)) return undefined;
  const words = body.errors.map((error: unknown) => {
    if (typeof error === "string") return error;
    if (typeof error !== "object" || error === null) return "";
    const { title, detail } = error as Record<string, unknown>;
    return [title, detail].filter((part) => typeof part === "string").join(": ");
  });
  return words.filter((word) => word.trim() !== "").join("; ");
}
