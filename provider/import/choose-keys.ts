import { shown } from "../datadog/keys";
import type { Arguments } from "./arguments";
import { ImportFailure } from "./failure";
import type { FoundKey } from "./found-keys";
import { fitsPattern } from "./glob";

/**
 * The keys that the arguments select, in the order of the list. The key that signs the command's own requests is
 * selected only by its own name or id, because `pulumi destroy` would revoke it in the middle of its work.
 * @throws ImportFailure if a name or an id matches no key, or a name matches several
 */
export function chooseKeys(
  keys: readonly FoundKey[],
  { wanted, all, patterns }: Pick<Arguments, "wanted" | "all" | "patterns">,
  signsWith: (key: FoundKey) => boolean,
): { chosen: FoundKey[]; signing: FoundKey[] } {
  const named = new Set(wanted.map((text) => theKey(keys, text)));
  const fits = ({ record }: FoundKey) => all || patterns.some((pattern) => fitsPattern(record.name, pattern));
  const fitting = keys.filter((key) => !named.has(key) && fits(key));
  const signing = fitting.filter(signsWith);
  const chosen = new Set([...named, ...fitting.filter((key) => !signing.includes(key))]);
  return { chosen: keys.filter((key) => chosen.has(key)), signing };
}

/** Whether a text is a key's name or id. The id is the UUID from v2, or Pulumi's id of a key created through v1. */
export function isCalled(key: FoundKey, text: string): boolean {
  return hasId(key, text) || key.record.name === text;
}

function hasId({ record, uuid }: FoundKey, text: string): boolean {
  return [record.id, uuid].includes(text.toLowerCase());
}

function theKey(keys: readonly FoundKey[], text: string): FoundKey {
  const byId = keys.find((key) => hasId(key, text));
  if (byId) return byId;
  const [key, ...others] = keys.filter((one) => isCalled(one, text));
  if (!key) {
    throw new ImportFailure(
      `None of your own keys has the name or id ${shown(text)}. Correct it, or use the credentials of the key's ` +
        "owner (for a service account's key, --service-account).",
    );
  }
  if (others.length === 0) return key;
  const ids = [key, ...others].map(({ record, uuid }) => uuid ?? record.id).join(", ");
  throw new ImportFailure(`${others.length + 1} keys are named ${shown(text)}. Choose one by its id: ${ids}.`);
}
