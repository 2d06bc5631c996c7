import { type KeyRecord, last4Of, quoted } from "../../datadog/keys";
import { nameTakenWaitMs, nameTakenLooksMs } from "../../datadog/patience";
import { LifecycleError, nameWantedTwice, keyExists, severalKeys } from "../model/errors";
import { secretToAdopt } from "../model/inputs";
import { observe } from "../observing/observe";
import { type Creation, ownKeys } from "./creation";

/**
 * The owner's existing key of the name, if it stays. It may just have been revoked, or may give up its name in this
 * run, so it is looked at again before the create fails.
 * @throws LifecycleError if the program does not say what to do with the key, or several keys have the name
 */
export async function findExistingKey(creation: Creation): Promise<KeyRecord | undefined> {
  const { command, organisation, inputs } = creation;
  const { name, adopt = false } = inputs;
  const look = async (notBefore?: number) => {
    if (notBefore !== undefined) {
      const line = `${quoted(name)} exists already. Looking again for ${nameTakenWaitMs / 1000} s, in case it was just revoked`;
      command.tellOnce(line, organisation);
    }
    return stayingKeys(creation, notBefore);
  };
  const settled = (seen: readonly KeyRecord[]) => seen.length === 0 || (seen.length === 1 && adopt !== false);
  return onlyOne(creation, await observe(organisation.clock, look, nameTakenLooksMs, settled));
}

/** The same with a list requested after that moment, and without a second look. */
export async function findLateKey(creation: Creation, notBefore: number): Promise<KeyRecord | undefined> {
  return onlyOne(creation, await stayingKeys(creation, notBefore));
}

function onlyOne({ organisation, inputs }: Creation, staying: readonly KeyRecord[]): KeyRecord | undefined {
  const { name, adopt = false } = inputs;
  if (staying.length > 1) throw severalKeys(name, organisation.site, staying);
  const [key] = staying;
  if (key && adopt === false) throw keyExists(name, organisation.site, key);
  return key;
}

/**
 * The owner's keys of the name that this run neither replaces nor renames. If the program gives a secret, only those that it
 * may belong to.
 */
async function stayingKeys(creation: Creation, notBefore?: number): Promise<readonly KeyRecord[]> {
  const { command, entry, inputs, replacesUnknownKey } = creation;
  const { name, site } = inputs;
  const { ledger } = command;
  const secret = secretToAdopt(inputs);
  const isNamed = (key: KeyRecord) => key.name === name && (secret === undefined || key.last4 === last4Of(secret));
  const named = await ownKeys(creation, isNamed, notBefore);
  const staying = named.filter((key) => !ledger.givesUpName(key) && !ledger.isPrevious(key));
  for (const key of staying) {
    const holder = ledger.holderOfRecord(key);
    if (holder && holder !== entry)
      throw new LifecycleError(nameWantedTwice(name, site, entry.resource, holder.resource));
  }
  // If the user ordered the replacement, only the key's name is known. If several keys have it, a killed run may have
  // left one.
  return replacesUnknownKey && entry.olds?.name === name && staying.length === 1 ? [] : staying;
}
