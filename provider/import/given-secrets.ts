import { last4Of, looksLikeKey } from "../datadog/keys";
import { isCalled } from "./choose-keys";
import type { FoundKey } from "./found-keys";

/** The secrets in a text from the user. */
export interface GivenSecrets {
  readonly secrets: ReadonlyMap<FoundKey, string>;
  /** Numbers of lines, from 1, that name no key. The lines are not shown, because they may hold secrets. */
  readonly unused: readonly number[];
}

/** Parses lines of `NAME=SECRET` or `ID=SECRET`. If there is only one key, a line may be just the secret. */
export function readSecrets(text: string, keys: readonly FoundKey[]): GivenSecrets {
  const secrets = new Map<FoundKey, string>();
  const unused: number[] = [];
  text.split(/\r?\n/).forEach((line, index) => {
    if (line.trim() === "") return;
    // Names may contain "=", and secrets may not.
    const at = line.lastIndexOf("=");
    const subject = line.slice(0, Math.max(at, 0)).trim();
    const [alone] = keys.length === 1 && at === -1 ? keys : [];
    const named = keys.filter((key) => isCalled(key, subject));
    const key = alone ?? (named.length === 1 ? named[0] : undefined);
    if (key) secrets.set(key, line.slice(at + 1).trim());
    else unused.push(index + 1);
  });
  return { secrets, unused };
}

/** Why a secret cannot belong to a key, by the last four characters that Datadog shows. Undefined if it may. */
export function unfit(secret: string, { record: { last4 } }: FoundKey): string | undefined {
  if (last4 === undefined)
    return "Datadog does not show the key's last four characters, so the secret cannot be checked";
  if (looksLikeKey(secret) && last4Of(secret) === last4) return undefined;
  return "this is not the key's secret. A secret has 40 characters and ends with the four that Datadog shows";
}
