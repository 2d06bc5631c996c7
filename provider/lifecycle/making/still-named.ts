import { ConflictError } from "../../datadog/errors";
import type { KeyRecord } from "../../datadog/keys";
import { readLagMs, secondLookMs } from "../../datadog/patience";
import { editShown } from "./edit-shown";
import type { Making } from "./making";

type Where = Pick<Making, "organisation" | "api" | "keys">;

/**
 * Of keys that a list shows by some name, those that have it: one that was revoked or renamed some seconds ago is no key to
 * take over or to revoke. A write that changes nothing proves it.
 */
export async function stillNamed(where: Where, shown: readonly KeyRecord[]): Promise<readonly KeyRecord[]> {
  const named: KeyRecord[] = [];
  for (const key of shown) {
    const proven = await proveNamed(where, key);
    if (proven) named.push(proven);
  }
  return named;
}

async function proveNamed(where: Where, key: KeyRecord): Promise<KeyRecord | undefined> {
  const { clock } = where.organisation;
  const until = clock.now() + readLagMs;
  for (let shown: KeyRecord | undefined = key; shown?.name === key.name;) {
    try {
      return await editShown(where, shown, { name: key.name });
    } catch (error) {
      if (!(error instanceof ConflictError)) throw error;
      // Another key has the name as well, or this one has given it up. Two that show it for so long both have it.
      if (clock.now() >= until) return key;
    }
    shown = await where.keys.findSince(clock.now() + secondLookMs, key.id);
  }
  return undefined;
}
