import type { ReadConfig } from "../settings";
import { ask } from "./engine";
import { ImportFailure } from "./failure";

export const resourceType = "pulumi-nodejs:dynamic/datadog:ApplicationKey";

/** A key in the stack, without secrets. */
export interface HeldKey {
  /** The resource's name in the program. */
  readonly resource: string;
  /** All ids of the key. */
  readonly ids: readonly string[];
  readonly name: string | undefined;
  readonly owner: string | undefined;
  readonly site: string | undefined;
}

/** The name of the selected stack, if the user named none. */
export async function selectedStack(): Promise<string> {
  return (await ask(["stack", "--show-name"])).trim();
}

/** The stack's configuration, decrypted, as its program reads it. */
export async function readConfiguration(stack: string): Promise<ReadConfig> {
  const values = parse(await ask(["config", "--show-secrets", "--json", "--stack", stack]), "its configuration");
  return (key) => {
    const value = field(field(values, key), "value");
    return typeof value === "string" ? value : undefined;
  };
}

/** The keys of a stack, including those that still have to be revoked. Secrets stay encrypted. */
export async function readStack(stack: string): Promise<HeldKey[]> {
  const state = parse(await ask(["stack", "export", "--stack", stack]), "its state");
  const resources = field(field(state, "deployment"), "resources");
  return (Array.isArray(resources) ? resources : []).flatMap(heldKeys);
}

/** A resource's key, and the other keys in its state: a replaced key that is still valid is in the stack too. */
function heldKeys(resource: unknown): HeldKey[] {
  if (field(resource, "type") !== resourceType) return [];
  const outputs = field(resource, "outputs");
  const text = (value: unknown) => (typeof value === "string" ? value : undefined);
  const superseded: unknown = field(outputs, "superseded");
  const ids = [
    field(resource, "id"),
    field(outputs, "keyId"),
    field(outputs, "previousId"),
    ...(Array.isArray(superseded) ? (superseded as unknown[]).map((old) => text(old) ?? field(old, "id")) : []),
  ];
  return [
    {
      resource: text(field(resource, "urn"))?.split("::").slice(3).join("::") ?? "",
      ids: ids.flatMap((id) => text(id) ?? []),
      name: text(field(outputs, "name")),
      owner: text(field(outputs, "owner")),
      site: text(field(outputs, "site")),
    },
  ];
}

function parse(text: string, what: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // The parser's message quotes the text, which may hold credentials.
    throw new ImportFailure(`Pulumi did not print ${what} as JSON.`);
  }
}

function field(value: unknown, name: string): unknown {
  return typeof value === "object" && value !== null && Object.hasOwn(value, name)
    ? (value as Record<string, unknown>)[name]
    : undefined;
}
