import type { KeyApi } from "../../datadog/key-api";
import type { Creation } from "../engine/plan";
import type { Run } from "../engine/run";
import type { KeyList } from "../finding/key-list";

/** One create at work. */
export interface Making extends Run {
  readonly creation: Creation;
  readonly api: KeyApi;
  /** The list in which the owner's keys show. */
  readonly keys: KeyList;
}
