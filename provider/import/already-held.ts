import { isFingerprint } from "../datadog/keys";
import type { FoundKey } from "./found-keys";
import type { HeldKey } from "./stack";

/**
 * The resource of the stack that already has a key. v1 identifies a key by its secret and v2 by its UUID. If only one
 * of the two is known, name, owner and site are compared instead, so that no second resource comes to manage the same
 * key.
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

/** The site and the owner of all keys of a command. */
export interface Whose {
  readonly site: string;
  readonly owner: string | undefined;
}
