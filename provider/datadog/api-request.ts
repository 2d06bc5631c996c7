import type { Doing } from "./errors";
import type { Exchange } from "./http";

/** One operation of Datadog's API. */
export interface ApiRequest {
  readonly method: Exchange["method"];
  /** Path with its parameters in braces: `/api/v2/users/{id}`. Limits are counted by it. */
  readonly route: string;
  readonly params?: Readonly<Record<string, string>>;
  readonly query?: Readonly<Record<string, string>>;
  readonly body?: object;
  /** Whether the answer may be as large as the largest organisation's list. */
  readonly listsAll?: boolean;
  readonly doing: Doing;
  /** The permission that Datadog asks for, for the message where it refuses. */
  readonly permission: string;
}
