import type { KeyInputs, KeyState } from "./properties";

/** How the engine knows a secret among what a provider answers: it stores the value encrypted. */
const signature = { "4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270" };

function secret(value: unknown): object {
  return { ...signature, value };
}

/** The inputs as the engine is to store them: `adopt` may hold a key. */
export function withSecretInputs<T extends Pick<KeyInputs, "adopt">>(inputs: T): T | (T & { adopt: object }) {
  return typeof inputs.adopt === "object" ? { ...inputs, adopt: secret(inputs.adopt) } : inputs;
}

/**
 * The outputs as the engine is to store them. The marks are the provider's own, because a program's transformations may
 * replace every option. A program may also have marked `keepers` as a secret: the engine keeps that mark for the output
 * of the same name, so the copy in `previous` needs one of its own.
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
