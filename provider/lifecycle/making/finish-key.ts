import { defined } from "../../defined";
import { applyActionsApi } from "../changing/actions-api";
import { editKey } from "../changing/edit-key";
import { namePrevious } from "../changing/name-previous";
import { revokeUnlessHeld } from "../changing/revoke-key";
import {
  Unfinished,
  actionsApiNotChanged,
  keyIsGone,
  messageOf,
  previousNotRenamed,
  replacedIsLeft,
  scopesNotChanged,
} from "../model/errors";
import { asPrevious, asSuperseded, previousOf, supersededKey, withoutPrevious } from "../model/replaced-keys";
import { type KeyInputs, sameScopes, scopeSet } from "../model/inputs";
import type { KeyState, Superseded } from "../model/state";
import { plainName } from "../model/given-names";
import { type StoredKey, idsOf } from "../model/stored-key";
import type { Command } from "../observing/command";
import type { Organisation } from "../observing/organisation";
import type { Entry } from "../run/ledger";

/** The remaining work on a key that exists. */
export interface RemainingWork {
  readonly wants: Pick<KeyInputs, "scopes" | "actionsApi" | "keepPrevious">;
  /** A warning about the key that is always shown. */
  readonly doubt?: string | undefined;
}

/**
 * Does the rest of a create or update. The key exists, so no failure may make the engine forget it.
 * @returns the state when everything is done
 * @throws Unfinished with the state and with everything that failed
 */
export async function finishKey(
  command: Command,
  organisation: Organisation,
  entry: Entry,
  { id, state: begun }: StoredKey,
  { wants, doubt }: RemainingWork,
): Promise<KeyState> {
  let state = begun;
  const failures = doubt === undefined ? [] : [doubt];
  let cause: unknown;
  const attempt = async (step: () => Promise<KeyState>, explain: (why: string) => string): Promise<boolean> => {
    try {
      state = await step();
      return true;
    } catch (error) {
      cause ??= error;
      failures.push(explain(messageOf(error)));
      return false;
    }
  };

  await attempt(
    () => applyScopes(command, organisation, { id, state }, wants),
    (why) => scopesNotChanged({ id, state }, why),
  );
  if (wants.keepPrevious)
    await attempt(
      () => renamePrevious(command, { id, state }),
      (why) => previousNotRenamed({ id, state }, why),
    );
  const previous = wants.keepPrevious ? undefined : previousOf({ id, state });
  const doomed = [
    ...(state.superseded ?? []).map((old) => ({ old, key: supersededKey(old, state) })),
    ...(previous ? [{ old: asSuperseded(previous), key: previous }] : []),
  ];
  const left: Superseded[] = [];
  for (const { old, key } of doomed) {
    const revoked = await attempt(
      () => revokeUnlessHeld(command, organisation, key, entry).then(() => state),
      (why) => replacedIsLeft(key, why),
    );
    if (!revoked) left.push(old);
  }
  const kept = previous ? withoutPrevious(state) : state;
  state = defined({ ...kept, superseded: left.length > 0 ? left : undefined });
  await attempt(
    () => applyActionsApi(command, organisation, { id, state }, wants.actionsApi ?? false),
    (why) => actionsApiNotChanged({ id, state }, wants.actionsApi ?? false, why),
  );
  command.ledger.recordResult(entry, { id, state });
  if (failures.length > 0) throw new Unfinished(id, state, failures.join(" "), { cause });
  return state;
}

async function applyScopes(
  command: Command,
  organisation: Organisation,
  stored: StoredKey,
  { scopes }: RemainingWork["wants"],
): Promise<KeyState> {
  const { id, state } = stored;
  if (sameScopes(scopes, state.scopes)) return state;
  const edited = await editKey(command, organisation, stored, () => ({ scopes: scopeSet(scopes) }));
  if (!edited) throw keyIsGone(state, id);
  return edited;
}

/** The name of the previous key follows the name of its successor. Another resource may have adopted that key. */
async function renamePrevious(command: Command, stored: StoredKey): Promise<KeyState> {
  const { state } = stored;
  const previous = previousOf(stored);
  if (!previous) return state;
  const isNamed = plainName(previous.state.name, idsOf(previous)) === state.name;
  if (isNamed && !command.ledger.holderOf(previous)) return state;
  const renamed = await namePrevious(command, previous, state.name, true);
  return { ...withoutPrevious(state), ...(renamed && asPrevious(renamed)) };
}
