/** Everything that sends requests, as one module: it is loaded when the first request is to be sent. */
export { interruptible, systemClock } from "../datadog/clock";
export { requestLog } from "../datadog/request-log";
export { createKey } from "./operations/create";
export { deleteResource } from "./operations/delete";
export { LifecycleError } from "./model/errors";
export { explainRefusal, lastConfiguration } from "./engine/first-refusal";
export { Organisation } from "./finding/organisation";
export { readKey } from "./operations/read";
export { shownOnce } from "./engine/shown-once";
export { updateKey } from "./operations/update";
export { answerTimeoutMs } from "../datadog/patience";
