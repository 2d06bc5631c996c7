/** Everything that sends requests, as one module. The provider loads it before its first request or error. */
export { explainRefusal, lastConfiguration } from "./explain-refusal";
export { Unfinished, leaked } from "./model/errors";
export { OrganisationCache } from "./observing/organisation-cache";
export { createKey } from "./operations/create";
export { deleteResource } from "./operations/delete";
export { readKey } from "./operations/read";
export { updateKey } from "./operations/update";
export { showErrorOnce } from "./show-error-once";
