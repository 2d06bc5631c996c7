import { ConflictError, isRefusal } from "../../datadog/errors";
import { type KeyRecord, last4Of } from "../../datadog/keys";
import { defined } from "../../defined";
import { editKey } from "../changing/edit-key";
import {
  adoptedNameTaken,
  scopesUnknown,
  secretLost,
  secretOfNoKey,
  severalKeys,
  keyOfAnotherResource,
} from "../model/errors";
import { secretToAdopt } from "../model/inputs";
import type { Organisation } from "../observing/organisation";
import { type Creation, asStored } from "./creation";

/**
 * Proves by a write that changes nothing that a listed key still exists and has its name. Lists may show a key some
 * seconds after it was revoked.
 * @returns false if it is gone
 */
export async function confirmAlive(creation: Creation, key: KeyRecord): Promise<boolean> {
  const { command, organisation } = creation;
  const stored = asStored(creation, key);
  const edited = await editKey(command, organisation, stored, () => ({ name: key.name })).catch((error: unknown) => {
    throw error instanceof ConflictError ? adoptedNameTaken(key, organisation.site, error) : error;
  });
  return edited !== undefined;
}

/** A key that exists, with its secret and scopes. */
export async function takeOver(creation: Creation, key: KeyRecord): Promise<KeyRecord> {
  const { command, organisation, api, keys, inputs, entry } = creation;
  const given = secretToAdopt(inputs);
  const shown = await api.reveal(key);
  // In One-Time Read mode, the state of the resource that had the key so far may know its secret.
  const known = command.ledger.keyById(shown.id)?.state.hash;
  const revealed = { ...shown, ...defined({ key: shown.key ?? given ?? known }) };
  if (revealed.key === undefined) throw secretLost(key, organisation.site);
  // The key was found by the last four characters of the secret. Another key may end with the same ones.
  if (given !== undefined && revealed.key !== given) throw secretOfNoKey(key.name, organisation.site);
  const whole = api.version === "v1" ? { ...revealed, ...(await scopesOfV1Key(organisation, revealed)) } : revealed;
  const stored = asStored(creation, whole);
  const holder = command.ledger.holderOf(stored, entry);
  if (holder) throw keyOfAnotherResource(stored, entry.resource, holder.resource);
  keys.add(whole);
  entry.adopting = stored;
  return whole;
}

/**
 * v1 does not show scopes, and a key created by hand may have some. v2 shows the key under another id, with its name and
 * the end of its secret.
 * @throws LifecycleError if v2 refuses to list the keys, or if several of its keys may be this one
 */
async function scopesOfV1Key(
  organisation: Organisation,
  { name, key = "" }: KeyRecord,
): Promise<Pick<KeyRecord, "scopes" | "keyId">> {
  const listed = await organisation
    .v2KeysOf("currentUser")
    .baseline()
    .catch((error: unknown) => {
      throw isRefusal(error) ? scopesUnknown(name, organisation.site, error) : error;
    });
  const named = listed.filter((other) => other.name === name);
  const exact = named.filter(({ last4 }) => last4 === last4Of(key));
  const candidates = exact.length > 0 ? exact : named.filter(({ last4 }) => last4 === undefined);
  const hasScopes = candidates.some(({ scopes = [] }) => scopes.length > 0);
  // A key without scopes needs only v1.
  if (!hasScopes) return {};
  const [found, ...others] = candidates;
  if (!found || others.length > 0) throw severalKeys(name, organisation.site, candidates);
  return { ...defined({ scopes: found.scopes }), keyId: found.id };
}
