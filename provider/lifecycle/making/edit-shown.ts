import { NotFoundError } from "../../datadog/errors";
import type { KeyRecord } from "../../datadog/keys";
import { readLagMs, secondLookMs } from "../../datadog/patience";
import type { KeyEdit } from "../../datadog/v2";
import type { Order } from "./create-once";

/**
 * Changes a key that a list showed, which may have been revoked some seconds ago. What Datadog does not find is looked at
 * again until the list does not show it either.
 * @returns undefined where the key is gone
 */
export async function editShown(
  { organisation, api, keys }: Pick<Order, "organisation" | "api" | "keys">,
  key: KeyRecord,
  change: KeyEdit,
): Promise<KeyRecord | undefined> {
  const { clock } = organisation;
  const until = clock.now() + readLagMs;
  for (;;) {
    try {
      const edited = { ...key, ...(await api.edit(key, change)) };
      await keys.put(edited);
      return edited;
    } catch (error) {
      if (!(error instanceof NotFoundError) || clock.now() >= until) throw error;
    }
    if (await keys.findSince(clock.now() + secondLookMs, key.id)) continue;
    await keys.remove(key.id);
    return undefined;
  }
}
