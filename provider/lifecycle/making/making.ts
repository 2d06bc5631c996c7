import type { KeyApi } from "../../datadog/key-api";
import type { Creation, Plan } from "../engine/plan";
import type { KeyList } from "../finding/key-list";
import type { Organisation } from "../finding/organisation";

/** One create at work. */
export interface Making {
  readonly organisation: Organisation;
  readonly plan: Plan;
  readonly creation: Creation;
  readonly api: KeyApi;
  /** The list in which the owner's keys show. */
  readonly keys: KeyList;
}
