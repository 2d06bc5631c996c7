import type { KeyInputs } from "./inputs";
import type { KeyState } from "./state";

/** The engine's mark for a secret in a provider's answer. The engine stores the value encrypted. */
const signature = { "4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270" };

function secret(value: unknown): object {
  return { ...signature, value };
}

/** The inputs with their secrets marked, because `adopt` may hold a key. */
export function withSecretInputs<T extends Pick<KeyInputs, "adopt">>(inputs: T): T | (T & { adopt: object }) {
  return typeof inputs.adopt === "object" ? { ...inputs, adopt: secret(inputs.adopt) } : inputs;
}

/**
 * The outputs with their secrets marked. The provider sets the marks itself, because a program's transformations may
 * replace every option. A program may also mark `keepers` as a secret. The engine then keeps that mark for the output
 * of the same name, and the copy in `previous` needs its own.
 */
export function withSecrets(state: Partial<KeyState>): Record<string, unknown> {
  const { hash, previousHash, previous } = state;
  return {
    ...state,
    ...(hash !== undefined && { hash: secret(hash) }),
    ...(previousHash !== undefined && { previousHash: secret(previousHash) }),
    ...(previous?.keepers && { previous: { ...previous, keepers: secret(previous.keepers) } }),
  };
}
