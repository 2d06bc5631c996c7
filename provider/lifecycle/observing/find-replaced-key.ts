import { undefinedIfRefused } from "../../datadog/errors";
import type { KeyRecord } from "../../datadog/keys";
import { type StoredKey, ownerOf, storedFrom } from "../model/stored-key";
import type { Entry } from "../run/ledger";
import type { Command } from "./command";
import type { Organisation } from "./organisation";

/**
 * The key of a resource whose replacement the user ordered (`replaceWith`, `replacementTrigger`). The engine passes its
 * old inputs but not its id, so it is the only key of that name, of the caller or else in the whole organisation.
 */
export async function findReplacedKey(
  command: Pick<Command, "ledger">,
  organisation: Organisation,
  entry: Entry,
): Promise<StoredKey | undefined> {
  const { name = "", serviceAccountId } = entry.olds ?? {};
  const place = { site: organisation.site, ...(serviceAccountId !== undefined && { serviceAccountId }) };
  const owner = ownerOf(place);
  const isIt = (key: KeyRecord) => key.name === name && !command.ledger.holderOfRecord(key);
  const version = owner === "currentUser" && (await organisation.servesV1()) ? "v1" : "v2";
  const listed = await (version === "v1" ? organisation.v1Keys : organisation.v2KeysOf(owner)).baseline();
  const [own, ...others] = await organisation.ownKeys(version, listed.filter(isIt));
  if (!own) {
    const everybodys = await organisation.v2KeysOf("organisation").baseline().catch(undefinedIfRefused);
    const [somebodys, ...more] = everybodys?.filter(isIt) ?? [];
    entry.stored = somebodys && more.length === 0 ? storedFrom(somebodys, { site: organisation.site }) : undefined;
  } else entry.stored = others.length === 0 ? storedFrom(own, place) : undefined;
  // Looked for once. A resource whose key cannot be found gives up no name.
  if (!entry.stored) entry.keyless = true;
  return entry.stored;
}
