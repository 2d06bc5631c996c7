/**
 * What every operation needs to send requests and to explain failures, as one module. The provider loads it before its first
 * request or error, and each operation when it is first called.
 */
export { explainRefusal } from "./explain-refusal";
export { Unfinished, lastConfiguration, leaked } from "./model/errors";
export { OrganisationCache } from "./observing/organisation-cache";
export { showErrorOnce } from "./show-error-once";
