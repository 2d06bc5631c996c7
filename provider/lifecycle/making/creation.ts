import type { KeyApi } from "../../datadog/key-api";
import type { KeyRecord } from "../../datadog/keys";
import { defined } from "../../defined";
import type { CheckedInputs } from "../model/inputs";
import type { Home } from "../model/resource";
import type { Identity } from "../model/state";
import { type StoredKey, storedFrom } from "../model/stored-key";
import type { Command } from "../observing/command";
import type { KeyList, Listed } from "../observing/key-list";
import type { Organisation } from "../observing/organisation";
import type { Entry } from "../run/ledger";

/** What a create needs before the version of the API is chosen. */
export interface CreationPlan {
  readonly command: Command;
  readonly organisation: Organisation;
  readonly entry: Entry;
  readonly inputs: CheckedInputs;
  /** The resource's key until this create is done. Undefined if no call says which one it is. */
  readonly replaced: StoredKey | undefined;
  /** Whether the resource is replaced and only the old inputs of its key are known. See Entry in run/ledger.ts. */
  readonly replacesUnknownKey: boolean;
}

/** A create in progress. */
export interface Creation extends CreationPlan {
  readonly api: KeyApi;
  /** The list that shows the owner's keys. */
  readonly keys: KeyList;
  /** What that list showed before the create. */
  readonly baseline: Listed;
  /** The owner and the organisation. */
  readonly identity: Identity;
}

/** The result of a create. */
export interface CreatedKey {
  readonly stored: StoredKey;
  /** The warning if an earlier request with a lost answer may have created another key. */
  readonly doubt?: string | undefined;
}

/** Where the key will live. */
export function homeOf({ inputs: { site, connection }, identity: { orgId } }: Creation): Home {
  return { site, connection, orgId };
}

/** One of the owner's listed keys in the form of a state. */
export function asStored({ inputs, identity }: Creation, record: KeyRecord): StoredKey {
  const { site, serviceAccountId, connection } = inputs;
  return storedFrom(
    { ...defined({ owner: identity.owner, ownerId: identity.ownerId }), ...record },
    { site, serviceAccountId, connection },
  );
}

/**
 * The owner's matching keys. v1's list shows other users' keys too.
 * @param since as for {@link KeyList.since}. Without it, the baseline
 */
export async function ownKeys(
  { organisation, api, keys, baseline }: Creation,
  predicate: (key: KeyRecord) => boolean,
  since?: number,
): Promise<KeyRecord[]> {
  const listed = await (since === undefined ? baseline : keys.since(since));
  return organisation.ownKeys(api.version, listed.filter(predicate));
}
