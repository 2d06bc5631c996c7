import { text } from "node:stream/consumers";
import type { Owner } from "../datadog/v2";
import type { Organisation } from "../lifecycle/observing/organisation";
import { type Terminal, askSecrets } from "./ask-secrets";
import { secretVariable } from "./engine";
import { type FoundKey, isHidden } from "./found-keys";
import { readSecrets, unfit } from "./given-secrets";
import type { LeftOut } from "./plan";

/** Concurrent requests, as many as the engine's default for creates. */
const atOnce = 16;

/**
 * Adds the secrets that Datadog still shows. That depends on the organisation's mode and on the owner, not on the
 * single key, so the first key decides for all.
 */
export async function revealSecrets<Key extends FoundKey>(
  organisation: Organisation,
  owner: Owner,
  keys: readonly Key[],
): Promise<Key[]> {
  const hidden = keys.filter(isHidden);
  const revealed = new Map<Key, Key>();
  const reveal = async (key: Key) => {
    const record = { ...key.record, ...(await organisation.v2.get(owner, key.record.id)) };
    revealed.set(key, { ...key, record });
    return record.key !== undefined;
  };
  const [first, ...others] = hidden;
  if (first && (await reveal(first))) while (others.length > 0) await Promise.all(others.splice(0, atOnce).map(reveal));
  return keys.map((key) => revealed.get(key) ?? key);
}

/**
 * Adds the secrets that only the user has, from the variable, standard input or the terminal, and checks them. A key
 * without a matching secret is left out.
 */
export async function addGivenSecrets<Key extends FoundKey>(
  keys: readonly Key[],
  tell: (line: string) => void,
): Promise<{ keys: Key[]; leftOut: LeftOut[] }> {
  const needed = keys.filter(isHidden);
  const given = needed.length === 0 ? new Map<FoundKey, string>() : await givenSecrets(needed, tell);
  const complete: Key[] = [];
  const leftOut: LeftOut[] = [];
  for (const key of keys) {
    const secret = key.record.key ?? given.get(key);
    if (secret === undefined) leftOut.push({ key, why: "Datadog does not show its secret, and you gave none" });
    else if (unfit(secret, key)) leftOut.push({ key, why: unfit(secret, key) ?? "" });
    else complete.push({ ...key, record: { ...key.record, key: secret } });
  }
  return { keys: complete, leftOut };
}

async function givenSecrets(
  keys: readonly FoundKey[],
  tell: (line: string) => void,
): Promise<ReadonlyMap<FoundKey, string>> {
  const variable = process.env[secretVariable];
  if (variable === undefined && process.stdin.isTTY) return askSecrets(keys, terminal);
  if (variable === undefined) {
    const count = keys.length === 1 ? "1 key" : `${keys.length} keys`;
    tell(`Datadog does not show the secret of ${count}. Reading lines NAME=SECRET from standard input`);
  }
  const { secrets, unused } = readSecrets(variable ?? (await text(process.stdin)), keys);
  if (unused.length > 0) tell(`Ignored lines, because they name no key whose secret is needed: ${unused.join(", ")}`);
  return secrets;
}

const terminal: Terminal = {
  input: process.stdin,
  output: process.stderr,
  interrupt: () => process.kill(process.pid, "SIGINT"),
};
