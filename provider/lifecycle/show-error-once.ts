import { DatadogError } from "../datadog/errors";
import { LifecycleError } from "./model/errors";

/**
 * Makes the CLI show a failure once. For an error in diff, read and delete, the SDK's plugin also prints `${error}:
 * ${error.stack}`, which would repeat the text three times, with a stack trace. The printed line is replaced by a
 * reference to the resource's error. Other errors are bugs and keep their trace.
 * @param doing such as `reading application key "ci"`
 */
export function showErrorOnce(doing: string): (error: unknown) => never {
  return (error) => {
    if (error instanceof DatadogError || error instanceof LifecycleError)
      Object.defineProperties(error, {
        // All waiting calls share the failure of one list, so this may run more than once.
        toString: { value: () => `${doing} failed`, configurable: true },
        stack: { value: "see the resource's own error", configurable: true },
      });
    throw error;
  };
}
