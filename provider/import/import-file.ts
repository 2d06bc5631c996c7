import type { KeyState } from "../lifecycle/model/state";
import type { ProgramInputs } from "./as-program";
import { resourceType } from "./stack";

/** A key as a resource of the stack. */
export interface ImportedKey {
  /** The resource's name in the program. */
  readonly resource: string;
  readonly id: string;
  /** As `check` returns them, including `__provider`. */
  readonly inputs: ProgramInputs;
  readonly outputs: KeyState & { readonly orgId?: string; readonly ownerId?: string };
}

/**
 * The content of a file for `pulumi import --file` with outputs. With outputs the engine asks no provider, which
 * dynamic resources need.
 * @see https://www.pulumi.com/docs/iac/adopting-pulumi/import/#bulk-import-operations
 */
export function importFileText(keys: readonly ImportedKey[]): string {
  const resources = keys.map(({ resource, id, inputs, outputs: { hash, ...outputs } }) => {
    // The engine registers imported resources directly under the stack, so no component is part of the identity.
    const both = { __provider: inputs.__provider, __resource: `${resourceType}::${resource}` };
    return {
      type: resourceType,
      name: resource,
      id,
      inputs: { ...inputs, ...both },
      outputs: { ...outputs, ...(hash !== undefined && { hash: secret(hash) }), ...both },
    };
  });
  return JSON.stringify({ resources });
}

/** The engine's mark for a secret in JSON. It encrypts the value before storing it. */
function secret(value: string): object {
  return { "4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270", plaintext: JSON.stringify(value) };
}
