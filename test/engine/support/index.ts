export { isRunning } from "../../../tools/processes.mts";
export type { CommandResult } from "./command-result.ts";
export { Project, type ProjectOptions, type StackOptions } from "./project.ts";
export type { RunningCommand } from "./running-command.ts";
export type { Stack, UpdateOptions } from "./stack.ts";
export { step } from "./step.ts";
