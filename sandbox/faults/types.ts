/**
 * The kinds of faults. docs/testing.md describes each kind, the defaults of its parameters, and whether the request is
 * carried out.
 */
export type FaultEffect =
  | { kind: "refuse" }
  | { kind: "drop-before" | "drop-after" | "cut-body" | "not-json" }
  | { kind: "delay" | "delay-after" | "slow-drip"; ms?: number }
  | { kind: "rate-limit"; headers?: Readonly<Record<string, string>> }
  | { kind: "status" | "status-after"; status?: number; errors?: readonly unknown[] }
  | { kind: "redirect"; status?: 301 | 302 | 307 | 308; location?: string }
  | { kind: "wrong-content-type"; contentType?: string }
  | { kind: "missing-field" | "wrong-type-field"; field?: string; value?: unknown }
  | { kind: "huge-body"; bytes?: number }
  | { kind: "header-bomb"; count?: number; bytes?: number }
  | { kind: "answer"; status?: number; headers?: Readonly<Record<string, string>>; body?: string; handled?: boolean };

export type FaultKind = FaultEffect["kind"];

/** The default kinds of random faults. */
export const randomKinds: readonly FaultKind[] = [
  "refuse",
  "drop-before",
  "drop-after",
  "delay",
  "delay-after",
  "rate-limit",
  "status",
  "status-after",
  "cut-body",
  "not-json",
  "missing-field",
];

export type RequestFault = Exclude<FaultEffect, { kind: "refuse" }>;

/** Which of the matching requests meet the fault. */
interface Turn {
  /** The first one, counted since the fault was set. @default 1 */
  nth?: number;
  /** How many in a row; `Infinity` for all. @default 1 */
  times?: number;
}

interface RequestSelector extends Turn {
  method?: string;
  /** A template, or any part of a masked path. */
  route?: string;
}

/** A fault and the requests that meet it. `refuse` counts connections. */
export type Fault = ({ kind: "refuse" } & Turn) | (RequestFault & RequestSelector);

/** A fault that was applied. */
export interface RecordedFault {
  kind: FaultKind;
  /** Absent for a refused connection. */
  method?: string;
  route?: string;
}
