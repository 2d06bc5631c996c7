import type { TraceProgram } from "./program.ts";
import type { Fault } from "./recorder.ts";

/** A command of Pulumi's, and what is special about it. */
export interface Step {
  /** `@a` in it stands for the URN of the thing a. */
  readonly command: readonly string[];
  /** Default: what was declared before. */
  readonly program?: TraceProgram;
  readonly faults?: readonly Fault[];
  /** The CLI and all below it are killed when a call hangs. */
  readonly killed?: true;
  /** With the engine's own number of resources at a time: only the calls of each thing have an order then. */
  readonly parallel?: true;
  /** The program runs as the CLI runs it, in a process that fails when a resource does; else as the Automation API does. */
  readonly programProcess?: true;
  /** Its deletes do not depend on each other, so that the engine has no order for them. */
  readonly anyOrder?: true;
  /** What `pulumi import` reads. */
  readonly importFile?: unknown;
}

/** What one user does with one stack. */
export interface Scenario {
  readonly title: string;
  /** Deployed before, by an `up` that another scenario records. Default: a new stack. */
  readonly start?: TraceProgram;
  /** Done after that, and recorded by another scenario. */
  readonly given?: readonly Step[];
  /** With `options: refresh: always` in Pulumi.yaml. */
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
