import { runtime } from "@pulumi/pulumi";

/**
 * Keeps keys out of the SDK's debug log. `pulumi up` shows this log with `--debug` and always with `--json`, and the
 * SDK writes the engine's answers to it, with secrets in plain text. Hides every answer that holds a secret, for any
 * resource, because programs pass keys on to other resources.
 */
export function keepSecretsOutOfDebugLog(): void {
  for (const response of quotedResponses()) {
    const prototype = response.prototype as { toString: () => string };
    const quoted = prototype.toString;
    prototype.toString = function toString() {
      const text = quoted.call(this);
      return text.includes(runtime.specialSecretSig) ? "[not shown: it holds secrets]" : text;
    };
  }
}

/** Undefined if a release of the SDK hides these classes, which are not part of its public interface. */
function quotedResponses(): { readonly prototype: unknown }[] {
  try {
    const { RegisterResourceResponse, ReadResourceResponse } = require("@pulumi/pulumi/proto/resource_pb") as Messages;
    return [RegisterResourceResponse, ReadResourceResponse];
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === "ERR_PACKAGE_PATH_NOT_EXPORTED" || code === "MODULE_NOT_FOUND") return [];
    throw error;
  }
}

type Messages = typeof import("@pulumi/pulumi/proto/resource_pb");
