import type { KeyRecord } from "../../datadog/keys";
import { defined } from "../../defined";
import { claim } from "../making/reserved-names";
import { keyIsGone } from "../model/errors";
import { type StoredKey, ownerOf } from "../finding/locate";
import type { Organisation } from "../finding/organisation";
import { type CheckedInputs, type KeyState, sameScopes, scopeSet } from "../model/properties";
import { refreshed } from "../model/state";
import { revokeSuperseded } from "../making/revoke-superseded";
import { change } from "./change-key";

/** Brings name and scopes to what the program says. The secret stays as it was. */
export async function updateKey(organisation: Organisation, stored: StoredKey, news: CheckedInputs): Promise<KeyState> {
  const { state } = stored;
  const renamed = news.name !== state.name;
  const rescoped = !sameScopes(news.scopes, state.scopes);

  let now = state;
  if (renamed || rescoped) {
    const release = renamed ? claim(organisation, ownerOf(state), news.name) : undefined;
    try {
      now = await edit(organisation, stored, news.name, renamed, rescoped ? scopeSet(news.scopes) : undefined);
    } catch (error) {
      release?.();
      throw error;
    }
  }
  return revokeSuperseded(organisation, { id: stored.id, state: now });
}

async function edit(
  organisation: Organisation,
  stored: StoredKey,
  name: string,
  renamed: boolean,
  scopes: readonly string[] | undefined,
): Promise<KeyState> {
  const { id, state } = stored;
  const { v1, v2 } = organisation;
  const changed = await change<KeyRecord>(organisation, stored, {
    // v1 knows no scopes: where they change, the key is looked up in v2.
    ...(!scopes && { v1: (key: string) => v1.rename(key, state.name, name) }),
    v2: (area, uuid) => v2.edit(area, uuid, state.name, defined({ name: renamed ? name : undefined, scopes })),
  });
  if (!changed) throw keyIsGone(state, id);
  const { directory } = organisation.apiFor(changed.uuid === undefined ? "v1" : "v2", ownerOf(state));
  await directory.put(changed.result);
  // What was asked for and accepted counts where the answer leaves a field out.
  const asked = { ...defined({ scopes }), ...changed.result };
  return refreshed(state, asked, changed.uuid);
}
