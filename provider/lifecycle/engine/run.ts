import type { Organisation } from "../finding/organisation";
import type { Plan } from "./plan";

/** A run of the engine's in one organisation: what is known of the one, and of the other. */
export interface Run {
  readonly organisation: Organisation;
  readonly plan: Plan;
}
