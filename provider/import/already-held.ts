import { isFingerprint } from "../datadog/keys";
import type { FoundKey } from "./found-keys";
import type { HeldKey } from "./stack";

/**
 * The resource of the stack that has a key already. v1 knows a key by its secret and v2 by its UUID. Where only one of the
 * two is known, name, owner and site stand for the other, or a second resource could come to manage the same key.
 */
export function heldAs(
  { record, version, uuid }: FoundKey,
  held: readonly HeldKey[],
  where: Whose,
): HeldKey | undefined {
  const ids = [record.id, uuid];
  const same = held.find((one) => one.ids.some((id) => ids.includes(id)));
  if (same || (version === "v1" && uuid !== undefined)) return same;
  const isOtherKind = version === "v1" ? (id: string) => !isFingerprint(id) : isFingerprint;
  return held.find(
    (one) =>
      one.ids.every(isOtherKind) &&
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
