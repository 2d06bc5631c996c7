import type { FaultEffect } from "../../../../sandbox/index";

/** Time limit for one answer in cases with a slower fault. */
export const shortTimeoutMs = 300;

/**
 * What a fault means to the sender of the request.
 * `harmless`: the answer arrives, perhaps late.
 * `limited`: the request is refused for a short time.
 * `unheard`: nothing is done, and no answer arrives.
 * `unanswered`: the request is carried out, and no answer arrives.
 * `unusable`: an answer arrives, but the client cannot use it. If only a field is missing, this depends on the reader
 * (see requests.ts).
 * `refused`: the answer is no.
 * `taken`: no, because the name is taken.
 * `forbidden`, `not found`: no, perhaps because the key belongs to another user or because this version of the API is
 * disabled.
 */
export type Family =
  "harmless" | "limited" | "unheard" | "unanswered" | "unusable" | "refused" | "taken" | "forbidden" | "not found";

export interface MatrixFault {
  readonly label: string;
  readonly family: Family;
  readonly effect: FaultEffect;
  /** The client's time limit ends first. */
  readonly slow?: true;
  /** Also tried as a lasting fault. The long run tries every fault so. */
  readonly lasts?: true;
}

const limited = (reset?: string): FaultEffect => ({
  kind: "rate-limit",
  headers: reset === undefined ? {} : { "x-ratelimit-reset": reset, "x-ratelimit-name": "some_limit" },
});

/** Whether an answer of this version of the API can have the fault. */
export function canOccurIn({ effect }: MatrixFault, version: "v1" | "v2"): boolean {
  if (effect.kind !== "missing-field") return true;
  return !(version === "v1" ? ["id", "key"] : ["hash", "application_key", "application_keys"]).includes(
    effect.field ?? "",
  );
}

/** The ways in which the sandbox can make a request fail. */
export const faults: readonly MatrixFault[] = [
  { label: "a short delay before", family: "harmless", effect: { kind: "delay", ms: 5 } },
  { label: "a short delay after", family: "harmless", effect: { kind: "delay-after", ms: 5 } },
  { label: "a wrong content type", family: "harmless", effect: { kind: "wrong-content-type" } },
  { label: "429 with a reset", family: "limited", effect: limited("7") },
  { label: "429 without headers", family: "limited", effect: limited() },
  { label: "429 with a malformed reset", family: "limited", effect: limited("soon") },
  { label: "429 for an hour", family: "refused", effect: limited("3600"), lasts: true },
  { label: "the connection refused", family: "unheard", effect: { kind: "refuse" }, lasts: true },
  { label: "a drop before handling", family: "unheard", effect: { kind: "drop-before" } },
  { label: "a drop after handling", family: "unanswered", effect: { kind: "drop-after" }, lasts: true },
  { label: "handled too late", family: "unanswered", effect: { kind: "delay", ms: shortTimeoutMs + 100 }, slow: true },
  {
    label: "answered too late",
    family: "unanswered",
    effect: { kind: "delay-after", ms: shortTimeoutMs + 100 },
    slow: true,
  },
  { label: "a slow drip", family: "unanswered", effect: { kind: "slow-drip", ms: 20 }, slow: true },
  { label: "500", family: "unheard", effect: { kind: "status", status: 500 } },
  { label: "503", family: "unheard", effect: { kind: "status", status: 503 }, lasts: true },
  { label: "502 after handling", family: "unanswered", effect: { kind: "status-after", status: 502 } },
  { label: "a cut body", family: "unanswered", effect: { kind: "cut-body" } },
  { label: "a header bomb", family: "unanswered", effect: { kind: "header-bomb" } },
  { label: "no JSON", family: "unusable", effect: { kind: "not-json" }, lasts: true },
  { label: "a huge body", family: "unusable", effect: { kind: "huge-body", bytes: 2 * 1024 * 1024 } },
  ...["id", "hash", "key", "name", "data", "attributes", "application_key", "application_keys"].map(
    (field): MatrixFault => ({
      label: `no field ${field}`,
      family: "unusable",
      effect: { kind: "missing-field", field },
    }),
  ),
  ...["id", "hash", "key", "name"].map((field): MatrixFault => ({
    label: `field ${field} of a wrong type`,
    family: "unusable",
    effect: { kind: "wrong-type-field", field },
  })),
  { label: "400", family: "refused", effect: { kind: "status", status: 400 } },
  { label: "403", family: "forbidden", effect: { kind: "status", status: 403 }, lasts: true },
  { label: "404", family: "not found", effect: { kind: "status", status: 404 }, lasts: true },
  { label: "409", family: "taken", effect: { kind: "status", status: 409 } },
  {
    label: "a redirect",
    family: "refused",
    effect: { kind: "redirect", status: 307, location: "/api/v2/current_user" },
  },
];
