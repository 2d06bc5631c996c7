import type { TraceProgram } from "./program.ts";
import type { Fault } from "./recorder.ts";

/** One command and its special conditions. */
export interface Step {
  /** `@a` stands for the URN of the thing a. */
  readonly command: readonly string[];
  /** Default: the program of the step before. */
  readonly program?: TraceProgram;
  readonly faults?: readonly Fault[];
  /** The CLI and all its child processes are killed when a call hangs. */
  readonly killed?: true;
  /** Resources run in parallel, as by default. Only the calls for each thing have a fixed order then. */
  readonly parallel?: true;
  /**
   * The program runs in its own process, which fails when a resource does. Otherwise it runs as in the Automation API.
   */
  readonly programProcess?: true;
  /** The deletes do not depend on each other, so the engine deletes in any order. */
  readonly anyOrder?: true;
  /** The file for `pulumi import`. */
  readonly importFile?: unknown;
}

/** The commands of one user with one stack. */
export interface Scenario {
  readonly title: string;
  /** The program that is deployed before, by an `up` that another scenario records. Default: a new stack. */
  readonly start?: TraceProgram;
  /** Steps after that, which another scenario records. */
  readonly given?: readonly Step[];
  /** Whether Pulumi.yaml has `options: refresh: always`. */
  readonly refreshAlways?: true;
  readonly steps: readonly Step[];
}

export const up = (program?: TraceProgram, ...flags: string[]): Step => step("up", flags, program);
export const preview = (program?: TraceProgram, ...flags: string[]): Step => step("preview", flags, program);
export const refresh = (...flags: string[]): Step => step("refresh", flags);
export const destroy = (...flags: string[]): Step => step("destroy", flags);

function step(command: string, flags: string[], program?: TraceProgram): Step {
  return { command: [command, ...flags], ...(program && { program }) };
}
