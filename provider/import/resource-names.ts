import type { Arguments } from "./arguments";
import { isCalled } from "./choose-keys";
import { ImportFailure } from "./failure";
import type { FoundKey } from "./found-keys";

/** A key that will become a resource. */
export interface NamedKey extends FoundKey {
  /** The resource's name in the program. */
  readonly resource: string;
}

/**
 * Gives each key a resource name that is unique in the stack: the user's choice, or one made from the key's name.
 * @param taken the names of the stack's own keys
 * @throws ImportFailure if the user's choice is taken
 */
export function nameResources(
  keys: readonly FoundKey[],
  choices: Arguments["resourceNames"],
  taken: readonly string[],
): NamedKey[] {
  const used = new Set(taken);
  const use = (name: string) => {
    used.add(name);
    return name;
  };
  const chosen = new Map<FoundKey, string>();
  for (const [text, name] of choices) {
    const key = keys.find((one) => isCalled(one, text));
    // A key that the stack already has is left out.
    if (!key) continue;
    if (used.has(name))
      throw new ImportFailure(`${JSON.stringify(name)} is already the resource of another key. Choose another name.`);
    chosen.set(key, use(name));
  }
  return keys.map((key) => ({ ...key, resource: chosen.get(key) ?? use(firstFree(nameFor(key), used)) }));
}

/** A name that works everywhere: letters, digits, "_", "." and "-". */
function nameFor({ record, uuid }: FoundKey): string {
  const plain = record.name.normalize("NFKD").replace(/\p{M}/gu, "");
  const name = plain.replace(/[^\w.]+/g, "-").replace(/^-+|-+$/g, "");
  return name === "" ? `key-${(uuid ?? record.id).slice(0, 11)}` : name;
}

function firstFree(name: string, used: ReadonlySet<string>): string {
  for (let number = 1; ; number += 1) {
    const candidate = number === 1 ? name : `${name}-${number}`;
    if (!used.has(candidate)) return candidate;
  }
}
