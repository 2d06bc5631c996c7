import { runtime } from "@pulumi/pulumi";
import { ReadResourceResponse, RegisterResourceResponse } from "@pulumi/pulumi/proto/resource_pb";

/**
 * Keeps keys out of the SDK's debug log, which `pulumi up` shows with `--debug`, and with `--json` in any case: there
 * the SDK quotes what the engine answers to each resource, secrets in plain text. From now on it quotes no answer that
 * holds a secret, of whatever resource, since a key is handed on to others.
 */
export function keepSecretsOutOfDebugLog(): void {
  for (const response of [RegisterResourceResponse, ReadResourceResponse]) {
    const prototype = response.prototype as { toString: () => string };
    const quoted = prototype.toString;
    prototype.toString = function toString() {
      const text = quoted.call(this);
      return text.includes(runtime.specialSecretSig) ? "[not shown: it holds secrets]" : text;
    };
  }
}
