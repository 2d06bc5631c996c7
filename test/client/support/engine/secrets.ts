/** How a program gives a value that the engine keeps as a secret. */
export class Secret {
  constructor(readonly value: unknown) {}
}

/** By this the engine knows a secret in what a provider answers. */
const signature = "4dabf18193072939515e22adb298388d";
const secretSignature = "1b47061264138c4ac30d75fd1eb44270";

/** Values as they are, and the paths of those that the engine keeps encrypted. */
export interface Opened<T> {
  readonly values: T;
  readonly secrets: readonly string[];
}

/** Takes the marks off that a program or a provider has set: the engine hands all values to a provider in plain. */
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
 * What the engine adds to the marks of an answer, since the SDK's provider is told no secrets: what is there under the name
 * of a secret that it was given is a secret too.
 */
export function annotated<T>(answer: Opened<T>, given: readonly string[]): readonly string[] {
  return [...new Set([...answer.secrets, ...given.filter((path) => valueAt(answer.values, path) !== undefined)])];
}

/** A copy without the values that are kept encrypted. */
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
