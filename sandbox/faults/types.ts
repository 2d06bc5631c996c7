/** What goes wrong. The comment says what the client gets, and whether the request was carried out. */
export type FaultEffect =
  /**
   * The connection is reset as soon as it is accepted, before a byte is read: not carried out. A listening server
   * cannot get closer to "connection refused"; for the real thing see `Sandbox.goOffline`.
   */
  | { kind: "refuse" }
  /** The request is read and the connection closed: not carried out. */
  | { kind: "drop-before" }
  /** Carried out, then the connection is closed with no answer. */
  | { kind: "drop-after" }
  /** Carried out after `ms`, even if the client has gone by then. */
  | { kind: "delay"; ms: number }
  /** Carried out at once, answered after `ms`. */
  | { kind: "delay-after"; ms: number }
  /** 429 with these headers, malformed or none as you give them: not carried out. */
  | { kind: "rate-limit"; headers?: Readonly<Record<string, string>> }
  /** An error status: not carried out. */
  | { kind: "status"; status: number; errors?: readonly unknown[] }
  /** Carried out, but answered with an error status. */
  | { kind: "status-after"; status: number; errors?: readonly unknown[] }
  /** Carried out; half of the body is sent under the Content-Length of the whole, then the connection is closed. */
  | { kind: "cut-body" }
  /** Carried out; a page of HTML comes back with status 200. */
  | { kind: "not-json" }
  /** Carried out; the right body under a wrong Content-Type. */
  | { kind: "wrong-content-type"; contentType?: string }
  /** Carried out; every field of this name is taken out of the body. */
  | { kind: "missing-field"; field: string }
  /** Carried out; every field of this name gets `value`, 42 if none is given. */
  | { kind: "wrong-type-field"; field: string; value?: unknown }
  /** Carried out; the body comes after `bytes` of white space, so it is still valid JSON. */
  | { kind: "huge-body"; bytes: number }
  /** Carried out; the body comes one byte every `ms`. */
  | { kind: "slow-drip"; ms: number }
  /** A redirect to `location`: not carried out. */
  | { kind: "redirect"; status: 301 | 302 | 307 | 308; location: string }
  /** Carried out; `count` headers of `bytes` each come with the answer. */
  | { kind: "header-bomb"; count?: number; bytes?: number }
  /** Your own answer; carried out only if `handled` says so. */
  | {
      kind: "answer";
      status: number;
      headers?: Readonly<Record<string, string>>;
      body?: string;
      handled?: boolean;
    };

export type FaultKind = FaultEffect["kind"];

/** Which of the matching requests meet the fault. */
interface Turn {
  /** The first one, counted from 1 since the fault was set. @default 1 */
  nth?: number;
  /** How many in a row; `Infinity` for all. @default 1 */
  times?: number;
}

interface RequestSelector extends Turn {
  method?: string;
  /** A route's template matches that route only; anything else matches as a part of the masked path. */
  route?: string;
}

/** A fault and the requests it is for. "refuse" counts connections: there is no method or route to see yet. */
export type Fault =
  (Extract<FaultEffect, { kind: "refuse" }> & Turn) | (Exclude<FaultEffect, { kind: "refuse" }> & RequestSelector);

/** The effects that meet a request, as opposed to a connection. */
export type RequestFault = Exclude<FaultEffect, { kind: "refuse" }>;

/** A fault that was applied. */
export interface RecordedFault {
  kind: FaultKind;
  /** Absent for a refused connection, as is the route. */
  method?: string;
  route?: string;
}
