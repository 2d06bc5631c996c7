import { isUnknown } from "./inputs";
import type { KeyState } from "./state";
import type { StoredKey } from "./stored-key";

/** The inputs that determine a key's location, owner and name. */
interface NamedPlace {
  readonly name?: string | undefined;
  readonly site?: string | undefined;
  readonly connection?: string | undefined;
  readonly serviceAccountId?: string | undefined;
}

/**
 * The name with the scope in which it must be unique: site, connection and owner. Undefined while a part of it is unknown.
 */
export function uniqueNameOf({ name, site, connection, serviceAccountId }: NamedPlace): string | undefined {
  const parts = [name, site, connection, serviceAccountId];
  if (name === undefined || parts.some(isUnknown)) return undefined;
  return JSON.stringify([name, site, connection, serviceAccountId?.toLowerCase()]);
}

/**
 * The resource that a set of inputs belongs to. Without `__resource` (0.2.0 and before), the key's site, owner and name
 * identify it.
 */
export function resourceOf(inputs: NamedPlace & Pick<KeyState, "__resource">): string {
  return inputs.__resource ?? uniqueNameOf(inputs) ?? JSON.stringify(inputs);
}

/** The name of a resource in messages, as the program gave it. */
export function resourceName(resource: string): string {
  const at = resource.indexOf("::");
  return at === -1 ? "an ApplicationKey" : `ApplicationKey ${JSON.stringify(resource.slice(at + 2))}`;
}

/** The organisation of a key. */
export interface Home {
  readonly orgId?: string | undefined;
  readonly site?: string | undefined;
  readonly connection?: string | undefined;
}

/** Whether two keys live in the same organisation. Two connections may lead to one. */
export function sameHome(one: Home, other: Home): boolean {
  if (one.orgId !== undefined && other.orgId !== undefined) return one.orgId === other.orgId;
  return one.site === other.site && one.connection === other.connection;
}

/** Whether a key of the state belonged to the resource with these inputs. */
export function belongsTo({ state }: StoredKey, inputs: NamedPlace & Pick<KeyState, "__resource">): boolean {
  if (state.__resource !== undefined && inputs.__resource !== undefined) return state.__resource === inputs.__resource;
  return uniqueNameOf(state) === uniqueNameOf(inputs);
}
