import type { KeyRecord } from "../../datadog/keys";
import { type Named, defined } from "../../defined";
import type { Site } from "../../datadog/sites";
import { type CheckedInputs, scopeSet } from "./inputs";

/**
 * The outputs of a key as stored in the state. Every field costs bytes for every key, and `npm run bench` counts them.
 */
export interface KeyState {
  name: string;
  /** The key itself. Missing only for a key that was read after Datadog stopped showing its secret. */
  hash?: string;
  owner?: string;
  site: Site;
  apiVersion: "v1" | "v2";
  scopes?: string[];
  serviceAccountId?: string;
  /** The UUID in v2 of a key created through v1. A key created through v2 has it as its id, and here for programs. */
  keyId?: string;
  createdAt?: string;
  keepers?: Record<string, string>;
  connection?: string;
  /** UUID of the organisation that the key lives in. */
  orgId?: string;
  /** UUID of the owner. Unlike e-mail and handle, it never changes. */
  ownerId?: string;
  /** The fingerprint of the credentials that showed {@link orgId}: see settings.ts. */
  __credentials?: string;
  __resource?: string;
  /** Whether the program only reads the key (`ApplicationKey.get`). */
  __get?: true;
  /** Whether the key is gone and the resource stays only because of keys that it must still revoke. */
  __gone?: true;
  /** Replaced keys that must still be revoked. 0.1.0 stored only the id. */
  superseded?: Superseded[];
  /** Whether the key is registered for Actions API access: true, or absent. */
  actionsApi?: boolean;
  /** True, or absent. */
  keepPrevious?: boolean;
  /** The previous key, kept until the next rotation: its id, its secret, and the rest of its state. */
  previousId?: string;
  previousHash?: string;
  previous?: PreviousState;
}

/** The state of a replaced key, without the fields that both keys share or that outputs show. */
export type PreviousState = Omit<
  KeyState,
  | "hash"
  | "site"
  | "connection"
  | "orgId"
  | "__credentials"
  | "__resource"
  | "__gone"
  | "__get"
  | "superseded"
  | "keepPrevious"
  | "previousId"
  | "previousHash"
  | "previous"
>;

/** A key that must still be revoked. */
export type Superseded = string | (Omit<PreviousState, "keepers"> & { id: string; last4?: string });

/** The state right after a create. Later requests add the rest. */
type FirstState = Omit<
  KeyState,
  "superseded" | "actionsApi" | "previousId" | "previousHash" | "previous" | "__gone" | "__get"
>;

/** The owner and the organisation of a key, as far as Datadog shows them. */
export type Identity = Pick<KeyState, "orgId" | "ownerId" | "owner" | "__credentials">;

/** The outputs of a key that was just created or adopted. */
export function stateOf(
  record: KeyRecord,
  version: "v1" | "v2",
  { orgId, ownerId, owner, __credentials }: Identity,
  inputs: CheckedInputs,
): KeyState {
  const scopes = scopeSet(record.scopes ?? inputs.scopes);
  const { site, serviceAccountId, keepers, keepPrevious, connection, __resource } = inputs;
  const state: Named<FirstState> = {
    name: record.name,
    hash: record.key,
    owner: record.owner ?? owner,
    site,
    apiVersion: version,
    scopes: scopes.length > 0 ? scopes : undefined,
    serviceAccountId,
    keyId: version === "v2" ? record.id : record.keyId,
    createdAt: record.createdAt,
    keepers,
    connection,
    keepPrevious: keepPrevious ? true : undefined,
    orgId,
    ownerId: record.ownerId ?? ownerId,
    __credentials: orgId === undefined ? undefined : __credentials,
    __resource,
  };
  return defined(state);
}

/**
 * Merges Datadog's answer into the known state. A missing field proves nothing, because One-Time Read mode leaves out
 * the secret and lists leave out the owner.
 */
export function stateNow(state: KeyState, record: KeyRecord, uuid: string | undefined): KeyState {
  const { scopes, ...rest } = state;
  delete rest.__gone;
  const now = record.scopes === undefined ? scopes : scopeSet(record.scopes);
  const { name, key: hash, owner, ownerId } = record;
  // Datadog's answers about one key differ by a microsecond, which must not look like a change.
  const createdAt = state.createdAt ?? record.createdAt;
  const told = defined({ name, hash, owner, ownerId, keyId: uuid, createdAt, scopes: now?.length ? now : undefined });
  return { ...rest, ...told };
}

/** The inputs that would produce this state, so that the engine can show drift field by field. */
export function inputsOf(state: KeyState): Partial<KeyState> {
  const { name, site, scopes, serviceAccountId, keepers, keepPrevious, actionsApi, connection } = state;
  const { __resource, __credentials } = state;
  // adopt and apiVersion matter only when a key is created.
  const inputs: Named<Omit<CheckedInputs, "adopt" | "apiVersion">> = {
    name,
    site,
    scopes,
    serviceAccountId,
    keepers,
    keepPrevious,
    actionsApi,
    connection,
    __resource,
    __credentials,
  };
  return defined(inputs);
}
