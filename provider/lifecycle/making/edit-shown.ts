import type { KeyRecord } from "../../datadog/keys";
import type { KeyEdit } from "../../datadog/v2";
import { changeShown } from "../finding/change-shown";
import type { Order } from "./create-once";

/**
 * Changes a key that a list showed.
 * @returns undefined where the key is gone
 */
export async function editShown(
  { organisation, api, keys }: Pick<Order, "organisation" | "api" | "keys">,
  key: KeyRecord,
  change: KeyEdit,
): Promise<KeyRecord | undefined> {
  const edited = await changeShown(
    organisation.clock,
    key,
    async (shown) => ({ ...key, ...(await api.edit(shown, change)) }),
    (since) => keys.findSince(since, key.id),
  );
  await (edited ? keys.put(edited) : keys.remove(key.id));
  return edited;
}
