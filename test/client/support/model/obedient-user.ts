import { fingerprint } from "../../../../provider/datadog/keys";
import type { Sandbox } from "../../../../sandbox/index";
import { sendsToLook } from "../messages";
import type { Outcome } from "../stack";
import type { Adopt } from "./scenario";

/** What a user does after errors: what they say, and nothing else. */
export interface Advice {
  /** What `adopt` is to be, by the name of a key. */
  readonly adopt: ReadonlyMap<string, Adopt>;
  readonly refresh: boolean;
  /** Looks into Datadog first, where by then everything shows. */
  readonly looks: boolean;
}

/**
 * Reads the errors of a command as a user would, and revokes in Datadog what they say is to be revoked.
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
    if (/Run `pulumi refresh`|run `pulumi refresh`/.test(message)) refresh = true;
    const strays = /may have made another one: ([^.]+)\./.exec(message)?.[1]?.split(", ") ?? [];
    for (const key of sandbox.keys())
      if (strays.includes(key.id) || strays.includes(fingerprint(key.key))) sandbox.revoke(key.id);
    if (name === undefined) continue;
    if (message.includes("Revoke or rename all but one of them")) {
      const several = sandbox.keys().filter((key) => key.name === name && message.includes(key.id));
      const v1 = sandbox.keys().filter((key) => key.name === name && message.includes(fingerprint(key.key)));
      for (const key of [...several, ...v1].filter(({ key }) => !tracked(key)).slice(1)) sandbox.revoke(key.id);
    }
    if (message.includes("One-Time Read") && message.includes('`adopt: "replace"`')) adopt.set(name, "replace");
    if (message.includes("`adopt: true`")) adopt.set(name, true);
  }
  return { adopt, refresh, looks: sendsToLook(outcome) };
}
