import type { IncomingHttpHeaders } from "node:http";
import type { Caller } from "./authenticate";

/** A request as a route sees it, after its keys have been checked. */
export interface Call {
  caller: Caller;
  params: Readonly<Record<string, string>>;
  query: URLSearchParams;
  /** The JSON body; undefined where the method has none. */
  body: unknown;
}

export interface Answer {
  status: number;
  /** Absent: an empty answer. */
  body?: unknown;
}

export interface Route {
  method: "GET" | "POST" | "PUT" | "PATCH" | "DELETE";
  /** As in Datadog's reference, such as `/api/v2/users/{id}`. */
  template: string;
  /** Routes of the same name share two rate limits: one for reads, one for writes. */
  limit: string;
  /** Of its answers. @default application/json */
  mediaType?: string;
  /** A method that has a body elsewhere has none here. */
  bodiless?: true;
  handle(call: Call): Answer;
}

/** A route whose only credential is the API key. */
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
