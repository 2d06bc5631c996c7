import { runtime } from "@pulumi/pulumi";

/**
 * Keeps keys out of the SDK's debug log, which `pulumi up` shows with `--debug`, and with `--json` in any case: there
 * the SDK quotes what the engine answers to each resource, secrets in plain text. From now on it quotes no answer that
 * holds a secret, of whatever resource, since a key is handed on to others.
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

/** None where a release of the SDK hides these classes, which are not part of its interface. */
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
