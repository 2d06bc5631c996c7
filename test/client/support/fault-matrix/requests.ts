import type { RecordedRequest } from "../../../../sandbox/index";
import type { Family, MatrixFault } from "./faults";
import type { Api } from "./settings";

/** A request of an operation when nothing goes wrong. */
export interface Point {
  /** The number of the request in the operation. */
  readonly number: number;
  readonly method: string;
  readonly route: string;
  /** The number of the request among those with the same method and route. */
  readonly occurrence: number;
  /** Datadog's answer. */
  readonly status: number;
  /** For a GET that looks for a key: the request that Datadog refused just before it. */
  readonly looksFor: Kind | undefined;
}

/** The purpose of a request. */
export type Kind =
  | "create"
  | "change"
  | "revoke"
  | "register"
  | "unregister"
  /** Reads the current user. */
  | "caller"
  /** Reads one key. */
  | "look"
  | "list of v1"
  | "list of the owner's"
  | "list of everybody's";

export function kindOf({ method, route }: Pick<Point, "method" | "route">): Kind {
  const registers = route.includes("app_key_registrations");
  if (method === "POST") return "create";
  if (method === "DELETE") return registers ? "unregister" : "revoke";
  if (method !== "GET") return registers ? "register" : "change";
  if (route.endsWith("/current_user")) return "caller";
  if (route.endsWith("}")) return "look";
  if (isV1({ route })) return "list of v1";
  return isOwn({ route }) ? "list of the owner's" : "list of everybody's";
}

/** The requests of an undisturbed run. */
export function pointsFrom(requests: readonly Pick<RecordedRequest, "method" | "route" | "status">[]): Point[] {
  const points: Point[] = [];
  for (const { method, route, status = 0 } of requests) {
    const same = points.filter((other) => other.method === method && other.route === route);
    const looksFor = method === "GET" ? lookedForAfter(points.at(-1)) : undefined;
    points.push({ number: points.length + 1, method, route, occurrence: same.length + 1, status, looksFor });
  }
  return points;
}

function lookedForAfter(before: Point | undefined): Kind | undefined {
  if (!before || before.method === "GET") return before?.looksFor;
  return before.status >= 400 ? kindOf(before) : undefined;
}

export function isV1({ route }: Pick<Point, "route">): boolean {
  return route.startsWith("/api/v1/");
}

function isOwn({ route }: Pick<Point, "route">): boolean {
  return route.includes("/current_user/");
}

/**
 * What a fault means to the sender of this request. A fault is harmless if it removes a field that nobody reads, or
 * gives the same answer as Datadog.
 * @param adopts whether the operation adopts a key
 */
export function familyAt({ effect, family }: MatrixFault, point: Point, api: Api, adopts: boolean): Family {
  const kind = kindOf(point);
  const hasBody = point.status !== 204;
  switch (effect.kind) {
    case "slow-drip":
      return hasBody ? family : "harmless";
    case "huge-body":
      // v1 lists all keys of the organisation in one answer, so that answer may be huge.
      return hasBody && kind !== "list of v1" ? "unusable" : "harmless";
    case "missing-field":
      // Without e-mail and handle, the client does not know who the current user is.
      if (kind === "caller" && effect.field === "attributes") return "forbidden";
      return isNeeded(effect.field, point, adopts) ? "unusable" : "harmless";
    case "wrong-type-field":
      return isNeeded(effect.field, point, adopts) || (effect.field === "key" && showsSecret(point, api))
        ? "unusable"
        : "harmless";
    case "status":
      if (family === "taken" && point.status === 409) return "harmless";
      return isRefused(point) && (family === "forbidden" || family === "not found") ? "harmless" : family;
    default:
      return family;
  }
}

/** v2's answers about one of the current user's keys contain its secret. */
function showsSecret(point: Point, api: Api): boolean {
  const one = ["look", "change", "create"].includes(kindOf(point));
  return one && isOwn(point) && point.status < 400 && api !== "v2 in One-Time Read";
}

/** Whether the client needs this field of the answer. v1 calls the secret `hash`, v2 calls it `key`. */
function isNeeded(field = "", point: Point, adopts: boolean): boolean {
  if (point.status >= 400) return false;
  const kind = kindOf(point);
  switch (kind) {
    case "revoke":
    case "register":
    case "unregister":
      return false;
    case "caller":
      return ["data", "id"].includes(field);
    case "list of v1":
      return ["application_keys", "hash", "name"].includes(field);
    default:
      if (isV1(point)) return ["application_key", "hash", "name"].includes(field);
      // Creating or adopting a key needs its secret.
      if (field === "key") return kind === "create" || (kind === "look" && adopts);
      return ["data", "id", "attributes", "name"].includes(field);
  }
}

function isRefused({ status }: Point): boolean {
  return status === 403 || status === 404;
}
