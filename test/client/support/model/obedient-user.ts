import { fingerprint } from "../../../../provider/datadog/keys";
import type { Sandbox, SandboxKey } from "../../../../sandbox/index";
import { advice, sendsToLook } from "../messages";
import type { Outcome } from "../stack";
import type { Adopt } from "./scenario";

/** A user who does exactly what errors say. */
export interface Advice {
  /** The value of `adopt`, by the name of a key. */
  readonly adopt: ReadonlyMap<string, Adopt>;
  readonly refresh: boolean;
  /** Looks into Datadog first, where by then everything shows. */
  readonly looks: boolean;
}

/**
 * Reads the errors of a command as a user would, and revokes the keys in Datadog that they say to revoke.
 * @param names what the program's keys are called
 * @param tracked whether the state has a key of that secret
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
  }
  return { adopt, refresh, looks: sendsToLook(outcome) };
}
