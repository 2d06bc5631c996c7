import { DatadogError } from "../datadog/errors";
import { LifecycleError } from "./model/errors";

/**
 * Has a failure shown once. Of an error in read and delete, the SDK's plugin prints `${error}: ${error.stack}`, which
 * the CLI shows under the stack, as well as its message, which the CLI shows under the resource: one text three times,
 * and a stack trace. The printed line is left to point at the other place. Any other error is a bug, whose trace is
 * wanted.
 * @param doing such as `reading application key "ci"`
 */
export function shownOnce(doing: string): (error: unknown) => never {
  return (error) => {
    if (error instanceof DatadogError || error instanceof LifecycleError)
      Object.defineProperties(error, {
        // One failed list is the failure of all who waited for it, so this may come more than once.
        toString: { value: () => `${doing} failed`, configurable: true },
        stack: { value: "see the resource's own error", configurable: true },
      });
    throw error;
  };
}
