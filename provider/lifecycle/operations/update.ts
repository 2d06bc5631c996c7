import { ConflictError } from "../../datadog/errors";
import type { KeyEdit } from "../../datadog/v2";
import { defined } from "../../defined";
import type { Run } from "../engine/run";
import { makeRoom } from "../making/make-room";
import { revokeSuperseded } from "../making/revoke-superseded";
import { takenOver } from "../model/errors";
import { previousOf, withoutPrevious } from "../model/previous";
import { type CheckedInputs, type KeyState, sameScopes, scopeSet } from "../model/properties";
import { type StoredKey, ownerOf } from "../model/stored-key";
import { matchActionsApi } from "./actions-api";
import { editKey } from "./edit-key";

/** Brings name and scopes, and how many keys there are, to what the program says. The secret stays as it was. */
export async function updateKey(run: Run, stored: StoredKey, news: CheckedInputs): Promise<KeyState> {
  const { organisation } = run;
  const { id, state } = stored;
  const edit: KeyEdit = defined({
    name: news.name === state.name ? undefined : news.name,
    scopes: sameScopes(news.scopes, state.scopes) ? undefined : scopeSet(news.scopes),
  });
  let now = state;
  if (Object.keys(edit).length > 0) {
    if (organisation.hasAdopted(stored)) throw takenOver(stored);
    const release = edit.name === undefined ? undefined : organisation.names.reserve(ownerOf(state), edit.name, id);
    try {
      now = await editInRoom(run, stored, edit);
    } catch (error) {
      release?.();
      throw error;
    }
  }
  const previous = news.keepPrevious ? undefined : previousOf(stored);
  const as = news.keepPrevious ? { ...now, keepPrevious: true } : alone(now);
  now = await revokeSuperseded(organisation, { id, state: as }, previous ? [previous] : []);
  return matchActionsApi(organisation, { id, state: now }, news.actionsApi ?? false);
}

/** Without the key before it: that one's secret leaves the state in any case, since only `keepPrevious` makes it a secret. */
function alone(state: KeyState): KeyState {
  const now = withoutPrevious(state);
  delete now.keepPrevious;
  return now;
}

/** A name that another key of this run gives up is free once that one has given it up. */
async function editInRoom(run: Run, stored: StoredKey, edit: KeyEdit): Promise<KeyState> {
  const { organisation, plan } = run;
  const { name } = edit;
  // When a refusal arrives, the room may be there already: another resource needed it too.
  const isGivenUp = name !== undefined && plan.leaving(name, stored.state).length > 0;
  try {
    return await editKey(organisation, stored, edit);
  } catch (error) {
    if (!(error instanceof ConflictError) || name === undefined) throw error;
    const room = await makeRoom(run, name, stored.state);
    if (room.length === 0 && !isGivenUp) throw error;
    return await editKey(organisation, stored, edit);
  }
}
