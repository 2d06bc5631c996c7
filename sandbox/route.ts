import type { IncomingHttpHeaders } from "node:http";
import type { Caller } from "./authenticate";

/** A request as a route sees it, after authentication. */
export interface Call {
  caller: Caller;
  params: Readonly<Record<string, string>>;
  query: URLSearchParams;
  /** The JSON body. Undefined for methods without one. */
  body: unknown;
}

export interface Answer {
  status: number;
  /** Without it, the answer is empty. */
  body?: unknown;
}

export interface Route {
  method: "GET" | "POST" | "PUT" | "PATCH" | "DELETE";
  /** As in Datadog's reference, such as `/api/v2/users/{id}`. */
  template: string;
  /** Routes with the same name share two rate limits, one for reads and one for writes. */
  limit: string;
  /**
   * The content type of its answers.
   * @default application/json
   */
  mediaType?: string;
  /** The method normally has a body, but not here. */
  bodiless?: true;
  handle(call: Call): Answer;
}

/** The route needs only the API key. */
export interface OpenRoute extends Omit<Route, "handle"> {
  check(headers: IncomingHttpHeaders): Answer;
}

export function route(method: Route["method"], template: string, limit: string, handle: Route["handle"]): Route {
  return { method, template, limit, handle };
}

/** 200 with a body. */
export function ok(body: unknown): Answer {
  return { status: 200, body };
}
