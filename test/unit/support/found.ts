import type { FoundKey } from "../../../provider/import/found-keys.ts";

/** A key as v2 lists it. */
export function found(name: string, more: Partial<FoundKey["record"]> = {}): FoundKey {
  const id = more.id ?? `${name}-id`.toLowerCase();
  return { record: { id, name, last4: "wxyz", ...more }, version: "v2", uuid: id };
}
