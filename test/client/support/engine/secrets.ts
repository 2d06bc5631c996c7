/** A value that the program marks as secret. */
export class Secret {
  constructor(readonly value: unknown) {}
}

/** The engine recognises a secret in the provider's answer by these two values. */
const signature = "4dabf18193072939515e22adb298388d";
const secretSignature = "1b47061264138c4ac30d75fd1eb44270";

/** Plain values, and the paths of those that the engine encrypts. */
export interface Opened<T> {
  readonly values: T;
  readonly secrets: readonly string[];
}

/** Removes the marks of secrets. The engine passes all values to a provider in plain text. */
export function opened<T>(marked: T): Opened<T> {
  const secrets: string[] = [];
  const open = (value: unknown, path: readonly string[]): unknown => {
    if (isMarked(value)) {
      secrets.push(join(path));
      return open(value.value, path);
    }
    if (Array.isArray(value)) return value.map((item, index) => open(item, [...path, String(index)]));
    if (!isRecord(value)) return value;
    return Object.fromEntries(Object.entries(value).map(([name, field]) => [name, open(field, [...path, name])]));
  };
  return { values: open(marked, []) as T, secrets };
}

/**
 * Adds the secrets that the engine marks itself. The SDK's provider does not learn which inputs are secret, so the
 * engine marks every value in the answer that has the path of a secret input.
 */
export function annotated<T>(answer: Opened<T>, given: readonly string[]): readonly string[] {
  return [...new Set([...answer.secrets, ...given.filter((path) => valueAt(answer.values, path) !== undefined)])];
}

/** A copy without the values that the engine encrypts. */
export function withoutSecrets(values: unknown, secrets: readonly string[]): unknown {
  const hide = (value: unknown, path: readonly string[]): unknown => {
    if (secrets.includes(join(path))) return "[secret]";
    if (Array.isArray(value)) return value.map((item, index) => hide(item, [...path, String(index)]));
    if (!isRecord(value)) return value;
    return Object.fromEntries(Object.entries(value).map(([name, field]) => [name, hide(field, [...path, name])]));
  };
  return hide(values, []);
}

function isMarked(value: unknown): value is { readonly value: unknown } {
  return value instanceof Secret || (isRecord(value) && value[signature] === secretSignature && "value" in value);
}

function valueAt(values: unknown, path: string): unknown {
  const names = JSON.parse(path) as string[];
  return names.reduce(
    (value: unknown, name) => (isRecord(value) || Array.isArray(value) ? Reflect.get(value, name) : undefined),
    values,
  );
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function join(path: readonly string[]): string {
  return JSON.stringify(path);
}
