import type { Organisation } from "../finding/organisation";
import type { Plan } from "./plan";

/** One run of the engine in one organisation: what the engine plans, and what is known there. */
export interface Run {
  readonly organisation: Organisation;
  readonly plan: Plan;
}
