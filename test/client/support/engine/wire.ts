/** The engine's placeholder for a value that is known only after apply. */
export const UNKNOWN = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";

/** An input that is an output of another resource. */
export class Reference {
  constructor(
    readonly resource: string,
    readonly output: string,
  ) {}
}

/**
 * Copies a value as protobuf does between the engine and a provider: plain data, without undefined values and shared
 * objects.
 */
export function wire<T>(value: T): T {
  return value === undefined ? value : (JSON.parse(JSON.stringify(value)) as T);
}

/** Narrows a value that the SDK's types call optional, though the provider always answers it. */
export function given<T>(value: T | undefined): T {
  if (value === undefined) throw new Error("the provider answered nothing");
  return value;
}

/** The SDK stores this beside inputs and outputs, and finds the provider by it. */
const providerText = { __provider: "the provider's text" };

export function withProvider<T extends object>(values: T): T {
  return { ...values, ...providerText };
}

/** Fails like the SDK, which finds the provider of a read or delete by the stored text. */
export function expectProvider(outputs: object): void {
  if (!("__provider" in outputs)) throw new Error("code must be a string, not undefined");
}

/** Whether the engine's plugin would treat an error as an operation that was done in part. */
export function isPartial(error: unknown): error is Error & { id: string; properties: object } {
  return error instanceof Error && "id" in error && "properties" in error;
}
