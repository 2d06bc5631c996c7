import { isRefusal, undefinedIfRefused } from "../datadog/errors";
import type { KeyRecord } from "../datadog/keys";
import type { Owner } from "../datadog/v2";
import type { Organisation } from "../lifecycle/observing/organisation";
import { BothRefusedError } from "../lifecycle/model/errors";

/** One of the owner's keys as Datadog shows it now, through the version of the API that would have created it. */
export interface FoundKey {
  readonly record: KeyRecord;
  readonly version: "v1" | "v2";
  /** The UUID in v2, which Datadog's web page shows, if it is known. */
  readonly uuid: string | undefined;
}

/** Whether Datadog still shows its secret. */
export function isHidden({ record }: FoundKey): boolean {
  return record.key === undefined;
}

/**
 * The keys of one owner, through the version that a create would choose. That is v2 for a service account, for keys
 * with scopes, if the configuration asks for it, and if v1 is not served.
 * @param configured the configuration's `apiVersion`
 */
export async function findKeys(
  organisation: Organisation,
  owner: Owner,
  configured: string | undefined,
): Promise<FoundKey[]> {
  if (owner !== "currentUser" || configured === "v2") return throughV2(organisation, owner);
  if (configured !== "v1" && !(await organisation.servesV1())) return throughV2(organisation, owner);

  const own = await organisation.ownKeys("v1", (await organisation.v1Keys.baseline()).all());
  if (own.length === 0) return [];
  const twins = organisation.v2KeysOf(owner).baseline();
  if (configured === "v1") return withUuids(own, (await twins.catch(undefinedIfRefused))?.all());
  const known = (await twins).all();
  return own.map((record) => withTwin(record, known));
}

async function throughV2(organisation: Organisation, owner: Owner): Promise<FoundKey[]> {
  try {
    const own = (await organisation.v2KeysOf(owner).baseline()).all();
    return own.map((record) => ({ record, version: "v2", uuid: record.id }));
  } catch (error) {
    if (isRefusal(error) && organisation.v1Refusal) throw new BothRefusedError(organisation.v1Refusal, error);
    throw error;
  }
}

/** A configuration with v1 does not use what only v2 knows, but the stack may know a key by its UUID. */
function withUuids(own: readonly KeyRecord[], twins: readonly KeyRecord[] = []): FoundKey[] {
  return own.map((record) => ({ record, version: "v1", uuid: twinOf(record, twins)?.id }));
}

/**
 * v1 does not show scopes. A restricted key imported without them would be rotated into one with all permissions, so
 * this asks v2, which knows the same key by its name and the end of its secret.
 */
function withTwin(record: KeyRecord, twins: readonly KeyRecord[]): FoundKey {
  const twin = twinOf(record, twins);
  if (!twin) return { record, version: "v1", uuid: undefined };
  if (twin.scopes !== undefined && twin.scopes.length > 0)
    return { record: { ...record, ...twin }, version: "v2", uuid: twin.id };
  return { record: { ...twin, ...record, keyId: twin.id }, version: "v1", uuid: twin.id };
}

function twinOf(record: KeyRecord, twins: readonly KeyRecord[]): KeyRecord | undefined {
  const [twin, ...others] = twins.filter(({ name, last4 }) => name === record.name && last4 === record.last4);
  return others.length === 0 ? twin : undefined;
}
