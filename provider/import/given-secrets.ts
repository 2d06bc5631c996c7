import { last4Of, looksLikeKey } from "../datadog/keys";
import { isCalled } from "./choose-keys";
import type { FoundKey } from "./found-keys";

/** What a text of the user's says of secrets. */
export interface GivenSecrets {
  readonly secrets: ReadonlyMap<FoundKey, string>;
  /** Lines, counted from 1, that name none of the keys. They are not shown: what names no key may be a secret. */
  readonly unused: readonly number[];
}

/** Reads lines of `NAME=SECRET` or `ID=SECRET`; where there is one key, a line may be the secret alone. */
export function readSecrets(text: string, keys: readonly FoundKey[]): GivenSecrets {
  const secrets = new Map<FoundKey, string>();
  const unused: number[] = [];
  text.split(/\r?\n/).forEach((line, index) => {
    if (line.trim() === "") return;
    // Names may hold a "=", keys hold none.
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

/**
 * What speaks against a secret for a key, by all that Datadog shows of it: its last four characters. Undefined where
 * nothing does.
 */
export function unfit(secret: string, { record: { last4 } }: FoundKey): string | undefined {
  if (last4 === undefined)
    return "Datadog does not show the key's last four characters, so that no secret can be checked";
  if (looksLikeKey(secret) && last4Of(secret) === last4) return undefined;
  return "what was given is not its secret: that has 40 characters, of which Datadog shows the last four";
}
