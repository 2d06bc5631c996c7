import type { KeyRecord } from "../../datadog/keys";
import { defined } from "../../defined";
import { asideName } from "../model/aside-name";
import type { CheckedInputs } from "../model/properties";
import type { Order } from "./create-once";
import { editShown } from "./edit-shown";
import type { SteppedAside } from "./make-room";

/**
 * Gives a key that the list showed a name that says what it waits for.
 * @returns nothing where it is not there any more
 */
export async function stepOwnAside(
  order: Order,
  key: KeyRecord,
  { site, serviceAccountId }: Pick<CheckedInputs, "site" | "serviceAccountId">,
): Promise<SteppedAside[]> {
  const { id, name: from, key: hash, owner } = key;
  const to = asideName(from, id);
  if (!(await editShown(order, key, { name: to }))) return [];
  const state = defined({ name: from, hash, owner, site, apiVersion: order.api.version, serviceAccountId });
  return [{ stored: { id, state }, from, to, replaced: true }];
}
