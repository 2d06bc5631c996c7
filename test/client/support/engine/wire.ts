/** How the engine writes a value that will be known only after apply. */
export const UNKNOWN = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";

/** An input that is an output of another resource. */
export class Reference {
  constructor(
    readonly resource: string,
    readonly output: string,
  ) {}
}

/** Between the engine and a provider everything goes as protobuf: plain data, nothing undefined, nothing shared. */
export function wire<T>(value: T): T {
  return value === undefined ? value : (JSON.parse(JSON.stringify(value)) as T);
}

/** The SDK's types leave open what a provider always answers. */
export function given<T>(value: T | undefined): T {
  if (value === undefined) throw new Error("the provider answered nothing");
  return value;
}

/** What the SDK keeps beside inputs and outputs, and finds the provider by. */
const providerText = { __provider: "the provider's text" };

export function withProvider<T extends object>(values: T): T {
  return { ...values, ...providerText };
}

/** The SDK finds the provider of what is read or deleted by what is stored. */
export function expectProvider(outputs: object): void {
  if (!("__provider" in outputs)) throw new Error("code must be a string, not undefined");
}

/** What the engine's plugin looks for in an error. */
export function isPartial(error: unknown): error is Error & { id: string; properties: object } {
  return error instanceof Error && "id" in error && "properties" in error;
}
