import { fingerprint } from "../../../../provider/datadog/keys";
import type { Sandbox, SandboxKey } from "../../../../sandbox/index";
import { advice, sendsToDatadog } from "../messages";
import type { Outcome } from "../stack";
import type { Adopt } from "./scenario";

/** What a user does who follows the errors exactly. */
export interface Advice {
  /** The value of `adopt`, by the name of the key. */
  readonly adopt: ReadonlyMap<string, Adopt>;
  readonly refresh: boolean;
  /** Whether the user looks in Datadog first. By then, every read shows all changes. */
  readonly looks: boolean;
}

/**
 * Reads the errors of a command as a user would, and revokes the keys in Datadog that they tell the user to revoke.
 * @param names the names of the program's keys
 * @param tracked whether the state contains a key with this secret
 */
export function obey(
  outcome: Outcome,
  names: readonly string[],
  sandbox: Sandbox,
  tracked: (key: string) => boolean,
): Advice {
  const adopt = new Map<string, Adopt>();
  let refresh = false;
  for (const { message } of outcome.errors) {
    const name = names.find((candidate) => message.includes(JSON.stringify(candidate)));
    if (advice.refresh.test(message)) refresh = true;
    const strays = advice.revokeTwin.exec(message)?.groups?.["ids"]?.split(", ") ?? [];
    for (const key of sandbox.keys())
      if (strays.includes(key.id) || strays.includes(fingerprint(key.key))) sandbox.revoke(key.id);
    if (name === undefined) continue;
    if (advice.keepOne.test(message)) {
      const isMeant = ({ id, key }: SandboxKey) => message.includes(id) || message.includes(fingerprint(key));
      const several = sandbox.keys().filter((key) => key.name === name && isMeant(key));
      const kept = several.find(({ key }) => tracked(key)) ?? several[0];
      for (const key of several) if (key !== kept && !tracked(key.key)) sandbox.revoke(key.id);
    }
    if (advice.adoptByReplacing.test(message)) adopt.set(name, "replace");
    if (advice.adopt.test(message)) adopt.set(name, true);
    if (advice.doNotAdopt.test(message)) adopt.set(name, false);
  }
  return { adopt, refresh, looks: sendsToDatadog(outcome) };
}
