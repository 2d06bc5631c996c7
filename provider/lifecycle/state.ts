import type { KeyRecord } from "../datadog/keys";
import { type CheckedInputs, type KeyState, scopeSet } from "./properties";

/** The outputs of a key that has just been made or adopted. */
export function stateOf(
  record: KeyRecord,
  version: "v1" | "v2",
  ownerName: string | undefined,
  inputs: CheckedInputs,
): KeyState {
  const owner = record.owner ?? ownerName;
  const scopes = scopeSet(record.scopes ?? inputs.scopes);
  return {
    name: record.name,
    ...(record.key !== undefined && { hash: record.key }),
    ...(owner !== undefined && { owner }),
    site: inputs.site,
    apiVersion: version,
    ...(scopes.length > 0 && { scopes }),
    ...(inputs.serviceAccountId !== undefined && { serviceAccountId: inputs.serviceAccountId }),
    ...(version === "v2" && { keyId: record.id }),
    ...(record.createdAt !== undefined && { createdAt: record.createdAt }),
    ...(inputs.keepers && { keepers: inputs.keepers }),
    ...(inputs.connection !== undefined && { connection: inputs.connection }),
  };
}

/**
 * What Datadog says now over what was known before. An answer that leaves a field out says nothing about it: One-Time
 * Read mode leaves out the secret, lists leave out the owner.
 */
export function refreshed(state: KeyState, record: KeyRecord, uuid: string | undefined): KeyState {
  const { scopes, ...rest } = state;
  const now = record.scopes === undefined ? scopes : scopeSet(record.scopes);
  return {
    ...rest,
    name: record.name,
    ...(record.key !== undefined && { hash: record.key }),
    ...(record.owner !== undefined && { owner: record.owner }),
    ...(uuid !== undefined && { keyId: uuid }),
    ...(record.createdAt !== undefined && { createdAt: record.createdAt }),
    ...(now && now.length > 0 && { scopes: now }),
  };
}

/** The inputs that would give this state, so that the engine can show drift field by field. */
export function inputsOf(state: KeyState): Partial<KeyState> {
  const { name, site, scopes, serviceAccountId, keepers, connection } = state;
  return {
    name,
    site,
    ...(scopes && { scopes }),
    ...(serviceAccountId !== undefined && { serviceAccountId }),
    ...(keepers && { keepers }),
    ...(connection !== undefined && { connection }),
  };
}
