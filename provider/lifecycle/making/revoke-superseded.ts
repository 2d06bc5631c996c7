import type { Organisation } from "../finding/organisation";
import { messageOf, replacedIsLeft } from "../model/errors";
import type { KeyState, Superseded } from "../model/properties";
import { asSuperseded } from "../model/previous";
import type { StoredKey } from "../model/stored-key";
import { deleteKey, revokeReplaced } from "../operations/delete";

/**
 * Revokes the keys that this one replaced. What cannot be revoked stays in the state, so that the next run tries again:
 * a live key that nobody tracks is a breach.
 * @param more keys that the state is to name no longer
 * @throws PartialError that names the keys which are left
 */
export async function revokeSuperseded(
  organisation: Organisation,
  { id, state }: StoredKey,
  more: readonly StoredKey[] = [],
): Promise<KeyState> {
  const { superseded = [], ...rest } = state;
  const revocations = [
    ...superseded.map((old) => ({ old, revoke: () => revokeReplaced(organisation, old, state) })),
    ...more.map((key) => ({ old: asSuperseded(key), revoke: () => deleteKey(organisation, key) })),
  ];
  const left: Superseded[] = [];
  const failures: string[] = [];
  for (const { old, revoke } of revocations) {
    try {
      await revoke();
    } catch (error) {
      left.push(old);
      failures.push(messageOf(error));
    }
  }
  if (left.length === 0) return rest;
  throw replacedIsLeft({ id, state: rest }, left, failures.join(" "));
}
