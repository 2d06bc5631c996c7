import { InterruptedError } from "../../datadog/clock";
import { finishKey } from "../making/finish-key";
import { createOrAdopt } from "../making/create-or-adopt";
import type { CreatedKey, CreationPlan } from "../making/creation";
import { throughServedVersion } from "../making/choose-api-version";
import { LifecycleError, nameWantedTwice, createInterrupted, credentialsChanged } from "../model/errors";
import { sameHome } from "../model/resource";
import { type CheckedInputs, secretToAdopt } from "../model/inputs";
import { type StoredKey, ownerOf } from "../model/stored-key";
import type { Command } from "../observing/command";
import { proveHome } from "../observing/locate";
import type { Organisation } from "../observing/organisation";
import type { Entry } from "../run/ledger";

/**
 * Creates a key, or adopts the existing one, so that the program's key exists exactly once.
 * @throws Unfinished if the key exists but some of the work on it is not done
 */
export async function createKey(command: Command, wants: CheckedInputs): Promise<StoredKey> {
  const entry = command.ledger.entryOf(wants);
  const organisation = await command.organisationOf(wants);
  const { site, name } = wants;
  // Without `__resource` (programs of 0.2.0), two resources with one name look the same.
  if (entry.creating || (entry.made && entry.checkedSince))
    throw new LifecycleError(nameWantedTwice(name, site, entry.resource, entry.resource));
  entry.creating = true;
  try {
    // A hook retries a create whose key already exists.
    const { stored, doubt } = entry.made ? { stored: entry.made } : await make(command, organisation, entry, wants);
    return { id: stored.id, state: await finishKey(command, organisation, entry, stored, { wants, doubt }) };
  } catch (error) {
    if (error instanceof InterruptedError) throw createInterrupted(name, site, error);
    throw error;
  } finally {
    entry.creating = false;
    entry.adopting = undefined;
  }
}

async function make(
  command: Command,
  organisation: Organisation,
  entry: Entry,
  wants: CheckedInputs,
): Promise<CreatedKey> {
  const { replaced, replacesUnknownKey } = entry;
  if (replaced && sameHome(replaced.state, wants)) await proveHome(command, organisation, replaced);
  // The old inputs do not name the key's organisation. Equal credentials lead to the same one.
  const { __credentials: before, ...olds } = entry.olds ?? {};
  if (replacesUnknownKey && before !== undefined && before !== wants.__credentials && sameHome(olds, wants))
    throw credentialsChanged(wants.name, wants.site);
  // A secret in the program belongs to the old key. Its successor gets its own.
  const isRotation = replaced !== undefined || replacesUnknownKey;
  const inputs = isRotation && secretToAdopt(wants) !== undefined ? { ...wants, adopt: false } : wants;
  const plan: CreationPlan = { command, organisation, entry, inputs, replaced, replacesUnknownKey };
  return throughServedVersion(organisation, inputs, async (served) => {
    // Both come before the create, so that a failure leaves nothing behind.
    const baseline = await served.keys.baseline();
    const identity = await organisation.identityOf(ownerOf(inputs));
    return createOrAdopt({ ...plan, ...served, baseline, identity });
  });
}
