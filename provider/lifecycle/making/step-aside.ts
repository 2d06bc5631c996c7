import type { DatadogError } from "../../datadog/errors";
import { type KeyRecord, shown } from "../../datadog/keys";
import { asideName } from "../model/aside-name";
import { LifecycleError, messageOf } from "../model/errors";
import type { Order } from "./create-once";

/** Renames keys to make room for their successor. */
export async function stepAside({ api, directory }: Order, keys: readonly KeyRecord[]): Promise<KeyRecord[]> {
  const aside: KeyRecord[] = [];
  for (const key of keys) {
    const renamed = await api.edit(key, { name: asideName(key.name, key.id) });
    aside.push({ ...key, ...renamed });
    await directory.put(renamed);
  }
  return aside;
}

/**
 * Gives keys their name back after their successor could not be made.
 * @returns the error that stopped the successor, with what could not be put back
 */
export async function stepBack(
  { api, directory, name }: Order,
  keys: readonly KeyRecord[],
  why: DatadogError,
): Promise<Error> {
  const failures: string[] = [];
  for (const key of keys) {
    try {
      await directory.put(await api.edit(key, { name }));
    } catch (error) {
      failures.push(`The key it was to replace is now named ${shown(key.name)}: ${messageOf(error)}`);
    }
  }
  return failures.length === 0 ? why : new LifecycleError([why.message, ...failures].join(" "), { cause: why });
}
