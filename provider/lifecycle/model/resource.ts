import { type KeyState, isUnknown } from "./properties";
import type { StoredKey } from "./stored-key";

/** What says where a key is, whose, and how it is called. */
interface Placed {
  readonly name?: string | undefined;
  readonly site?: string | undefined;
  readonly connection?: string | undefined;
  readonly serviceAccountId?: string | undefined;
}

/** Where a name has to be one key's: the same owner on the same site. Undefined as long as a part of it is not known. */
export function placeOf({ name, site, connection, serviceAccountId }: Placed): string | undefined {
  const place = [name, site, connection, serviceAccountId];
  if (name === undefined || place.some(isUnknown)) return undefined;
  return JSON.stringify([name, site, connection, serviceAccountId?.toLowerCase()]);
}

/** Which resource a set of inputs is about. Without `__resource` (0.2.0 and before), the place of its key says it. */
export function resourceOf(inputs: Placed & Pick<KeyState, "__resource">): string {
  return inputs.__resource ?? placeOf(inputs) ?? JSON.stringify(inputs);
}

/** How messages call a resource: by the name that the program gave it. */
export function resourceName(resource: string): string {
  const at = resource.indexOf("::");
  return at === -1 ? "an ApplicationKey" : `ApplicationKey ${JSON.stringify(resource.slice(at + 2))}`;
}

/** Where a key lives. */
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
export function belongsTo({ state }: StoredKey, inputs: Placed & Pick<KeyState, "__resource">): boolean {
  if (state.__resource !== undefined && inputs.__resource !== undefined) return state.__resource === inputs.__resource;
  return placeOf(state) === placeOf(inputs);
}
