import type { Doing } from "./errors";
import type { Exchange } from "./http";

/** One operation of Datadog's API. */
export interface ApiRequest {
  readonly method: Exchange["method"];
  /** Path with its parameters in braces: `/api/v2/users/{id}`. Rate limits are counted per route. */
  readonly route: string;
  readonly params?: Readonly<Record<string, string>>;
  readonly query?: Readonly<Record<string, string>>;
  readonly body?: object;
  /** Whether the answer may be as large as the list of the largest organisation. */
  readonly listsAll?: boolean;
  readonly doing: Doing;
  /** The permission that Datadog requires, for the message of a refusal. Undefined if any user may send the request. */
  readonly permission?: string;
}
