import type { KeyApi } from "../../datadog/key-api";
import type { KeyRecord } from "../../datadog/keys";
import { defined } from "../../defined";
import type { CheckedInputs } from "../model/properties";
import type { Home } from "../model/resource";
import type { Identity } from "../model/state";
import { type StoredKey, storedFrom } from "../model/stored-key";
import type { Command } from "../observing/command";
import type { KeyList } from "../observing/key-list";
import type { Organisation } from "../observing/organisation";
import type { Entry } from "../run/ledger";

/** One create at work. */
export interface Making {
  readonly command: Command;
  readonly organisation: Organisation;
  readonly entry: Entry;
  readonly inputs: CheckedInputs;
  /** The key that the resource has until this create is done. Undefined if no call tells which one it is. */
  readonly replaced: StoredKey | undefined;
  /** Whether the user ordered the replacement, so that only the old inputs of the key are known. */
  readonly isOrdered: boolean;
}

/** The same through one version of the API. */
export interface Looking extends Making {
  readonly api: KeyApi;
  /** The list in which the owner's keys show. */
  readonly keys: KeyList;
}

/** The same once it is known who owns the key and where it lives. */
export interface MakingThrough extends Looking {
  readonly identity: Identity;
}

/** A key that a create brings into the state. */
export interface Made {
  readonly stored: StoredKey;
  /** What to say if an earlier request, whose answer was lost, may have created another key. */
  readonly doubt?: string | undefined;
}

/** Where the key will live. */
export function homeOf({ inputs: { site, connection }, identity: { orgId } }: MakingThrough): Home {
  return { site, connection, orgId };
}

/** A key of the owner's that a list shows, as if the state had it. */
export function ownKey({ inputs, identity }: MakingThrough, record: KeyRecord): StoredKey {
  const { site, serviceAccountId, connection } = inputs;
  return storedFrom(
    { ...defined({ owner: identity.owner, ownerId: identity.ownerId }), ...record },
    { site, serviceAccountId, connection },
  );
}
