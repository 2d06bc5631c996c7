import type { Organisation } from "../finding/organisation";
import { messageOf, replacedIsLeft } from "../model/errors";
import type { KeyState } from "../model/properties";
import type { StoredKey } from "../model/stored-key";
import { revokeReplaced } from "../operations/delete";

/**
 * Revokes the keys that this one replaced. What cannot be revoked stays in the state, so that the next run tries again:
 * a live key that nobody tracks is a breach.
 * @throws PartialError that names the keys which are left
 */
export async function revokeSuperseded(organisation: Organisation, { id, state }: StoredKey): Promise<KeyState> {
  const { superseded = [], ...rest } = state;
  const left: string[] = [];
  const failures: string[] = [];
  for (const old of superseded) {
    try {
      await revokeReplaced(organisation, old, state);
    } catch (error) {
      left.push(old);
      failures.push(messageOf(error));
    }
  }
  if (left.length === 0) return rest;
  throw replacedIsLeft({ id, state: rest }, left, failures.join(" "));
}
