/** Everything that sends requests, as one module: it is loaded when the first request is to be sent. */
export { interruptible, systemClock } from "../datadog/clock";
export { createKey } from "./create";
export { deleteKey, keptMessage } from "./delete";
export { LifecycleError } from "./errors";
export { Organisation } from "./organisation";
export { readKey } from "./read";
export { shownOnce } from "./shown-once";
export { updateKey } from "./update";
