/** Everything that sends requests, as one module. The provider loads it before its first request. */
export { explainRefusal, lastConfiguration } from "./first-refusal";
export { Unfinished, leaked } from "./model/errors";
export { Organisations } from "./observing/organisations";
export { createKey } from "./operations/create";
export { deleteResource } from "./operations/delete";
export { readKey } from "./operations/read";
export { updateKey } from "./operations/update";
export { shownOnce } from "./shown-once";
