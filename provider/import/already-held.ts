import { isFingerprint } from "../datadog/keys";
import type { FoundKey } from "./found-keys";
import type { HeldKey } from "./stack";

/**
 * The resource of the stack that has a key already. One that was made through v1 is known by its secret, which v2 does
 * not show: there name, owner and site stand for it, or a second resource could come to manage the same key.
 */
export function heldAs(
  { record, version, uuid }: FoundKey,
  held: readonly HeldKey[],
  where: Whose,
): HeldKey | undefined {
  const ids = [record.id, uuid];
  const same = held.find((one) => one.ids.some((id) => ids.includes(id)));
  if (same || version === "v1") return same;
  return held.find(
    (one) =>
      one.ids.every(isFingerprint) &&
      one.name === record.name &&
      one.site === where.site &&
      (one.owner === undefined || where.owner === undefined || one.owner === where.owner),
  );
}

/** Where all keys of a command are, and whose. */
export interface Whose {
  readonly site: string;
  readonly owner: string | undefined;
}
