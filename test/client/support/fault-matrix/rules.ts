import type { Case } from "./case";
import type { Family } from "./faults";
import { apiOf } from "./operations";
import { type Kind, type Point, familyAt, isV1, kindOf } from "./requests";
import type { Setting } from "./settings";

/** How a command ends: successfully, or with an error that helps. */
export type Ending = "done" | "failed";

/** A case and one of the requests that meet its fault. */
type Meeting = Case & { readonly met: Point };

type Verdict = Pick<Rule, "ending" | "because">;

interface Rule {
  readonly families: readonly Family[];
  /** @default all */
  readonly kinds?: readonly Kind[];
  /** Labels of operations. @default all */
  readonly operations?: readonly string[];
  /** Whether the fault lasts. @default both */
  readonly lasting?: boolean;
  readonly when?: (meeting: Meeting) => boolean;
  readonly ending: Ending;
  readonly because: string;
}

const reading = ["read", "read with a previous key"];
const keeping = ["rotate with keepPrevious", "rotate with keepPrevious again"];
const rotating = [...keeping, "rotate", "rotate with adopt", "rotate after One-Time Read is on"];

const lost: readonly Family[] = ["unanswered", "unusable"];
const hidden: readonly Family[] = ["forbidden", "not found"];

/** The first rule that fits says how a command with a fault ends. Each case has exactly one right ending. */
const rules: readonly Rule[] = [
  { families: ["harmless"], ending: "done", because: "the fault does not change what the answer says" },
  { families: ["limited"], lasting: false, ending: "done", because: "the client waits for the rate limit" },
  { families: ["limited"], ending: "failed", because: "the client waits at most five minutes for a rate limit" },

  // The client does not simply repeat a POST. It first reads from the list whether the key was created.
  {
    families: ["unheard", ...lost],
    kinds: ["create"],
    lasting: false,
    ending: "done",
    because: "the list shows whether the key exists, and the client creates it again only if it does not",
  },
  {
    families: ["unheard"],
    kinds: ["create"],
    ending: "failed",
    because: "Datadog creates no key, however often the client asks",
  },
  {
    families: lost,
    kinds: ["create"],
    when: ({ met }) => met.status === 409,
    ending: "failed",
    because: "the client does not learn that the name is taken, so it does not rename the key that has it",
  },
  {
    families: lost,
    kinds: ["create"],
    when: inOneTimeRead,
    ending: "failed",
    because: "only the lost answer contained the new key's secret",
  },
  { families: lost, kinds: ["create"], ending: "done", because: "the key exists, and the list shows it" },
  {
    families: hidden,
    kinds: ["create"],
    when: ({ met }) => isV1(met),
    ending: "done",
    because: "v1 may be disabled in this organisation, so the client creates the key with v2",
  },
  {
    families: ["taken"],
    kinds: ["create"],
    operations: rotating,
    lasting: false,
    ending: "done",
    because: "the replaced key has the name and is renamed, and the refusal may be older than the rename",
  },

  // Rules for all other requests.
  {
    families: ["unheard", "unanswered"],
    lasting: false,
    ending: "done",
    because: "the client sends the request again",
  },
  { families: ["unheard", "unanswered"], ending: "failed", because: "all four tries fail" },
  { families: ["unusable"], ending: "failed", because: "an answer without a needed field is an error" },
  { families: ["refused"], ending: "failed", because: "a refusal with only one meaning is an error" },

  // The name is taken.
  {
    families: ["taken"],
    kinds: ["change"],
    operations: ["adopt", "adopt by replacing"],
    when: ({ point }) => point.occurrence === 1,
    ending: "failed",
    because: "the first change proves that the key has its name, and a refusal means that somebody renamed it",
  },
  {
    families: ["taken"],
    operations: ["create", "create for the Actions API", "adopt by replacing", "update"],
    lasting: false,
    when: ({ operation, met }) => operation.label === "update" || kindOf(met) === "create",
    ending: "done",
    because: "a refusal may describe the state of some seconds ago, so the client sends the request once more",
  },
  {
    families: ["forbidden"],
    kinds: ["list of everybody's"],
    ending: "failed",
    because: "a user who may see neither list cannot tell whether the key exists",
  },
  {
    families: ["taken", ...hidden],
    operations: keeping,
    when: ({ setting, met, lasting }) => isForNewName(met) && !(lasting && isNameNeeded(setting)),
    ending: "done",
    because: "the previous key needs another name only if Datadog refuses two keys with the same name",
  },
  { families: ["taken"], ending: "failed", because: "no resource of this run has the name" },

  // Reads of a key: through each version of the API, through its owner's path, and in the list of all keys.
  {
    families: hidden,
    kinds: ["list of v1"],
    when: ({ point }) => point.occurrence === 1,
    ending: "done",
    because: "v1 may be disabled there, so that v2 is asked, and v1 no more",
  },
  {
    families: hidden,
    kinds: ["list of v1"],
    ending: "failed",
    because: "v1 has answered in this run, so that it is not disabled",
  },
  {
    families: hidden,
    kinds: ["caller"],
    operations: ["create"],
    when: ({ setting }) => setting.api === "v1" && seesNamesake(setting),
    ending: "failed",
    because: "v1's list shows this user another user's key with the same name, and nothing says that it is not theirs",
  },
  {
    families: hidden,
    kinds: ["caller"],
    operations: ["create"],
    ending: "done",
    because: "the owner and the organisation of a new key may stay unknown",
  },
  {
    families: hidden,
    kinds: ["caller"],
    operations: rotating,
    when: (meeting) => apiOf(meeting) === "v1" && meeting.setting.readLag > 0 && !seesNamesake(meeting.setting),
    ending: "done",
    because: "the list does not show the new key yet, so the client does not compare its owner",
  },
  {
    families: hidden,
    kinds: ["caller"],
    when: (meeting) => apiOf(meeting) === "v1",
    ending: "failed",
    because: "v1's list may show other users' keys, and nothing says which keys are the current user's",
  },
  {
    families: hidden,
    kinds: ["caller"],
    operations: reading,
    // The UUID of the current user is enough, and this fault leaves it in the answer.
    when: ({ setting, fault }) => setting.user === "ordinary" && fault.label !== "no field attributes",
    ending: "failed",
    because:
      "a key that is missing from the current user's list is gone only if this user owned it, and this user may see no other list",
  },
  {
    families: hidden,
    kinds: ["caller"],
    ending: "done",
    because: "the client can do without the current user: it leaves the owner out, or reads the list of all keys",
  },
  {
    families: hidden,
    kinds: ["look"],
    operations: ["adopt"],
    ending: "failed",
    because: "adopting a key needs its secret, which only this answer contains",
  },
  { families: hidden, kinds: ["look"], ending: "done", because: "the list shows the key" },
  {
    families: hidden,
    kinds: ["list of the owner's"],
    when: ({ setting }) => setting.api === "v1",
    ending: "failed",
    because: "v1 does not say everything about its key, so the client needs this list",
  },
  {
    families: hidden,
    kinds: ["list of the owner's"],
    when: ({ setting, operation, met }) =>
      setting.user !== "ordinary" && (met.looksFor !== undefined || reading.includes(operation.label)),
    ending: "done",
    because: "the list of all keys shows the key to this user",
  },

  // Datadog refuses a change.
  {
    families: ["not found"],
    kinds: ["unregister"],
    ending: "done",
    because: "the key must be unregistered, and it is",
  },
  {
    families: ["not found"],
    kinds: ["change", "revoke", "register"],
    lasting: false,
    ending: "done",
    because: "the client looks for the key, finds it, and changes it",
  },
  {
    families: ["forbidden"],
    kinds: ["register"],
    lasting: false,
    when: ({ setting }) => setting.user === "colleague",
    ending: "done",
    because: "the key belongs to another user, so the client sends the request again as for another user's key",
  },
  { families: hidden, ending: "failed", because: "there is no other way" },
];

/** In One-Time Read mode a key cannot be adopted, because Datadog shows its secret only once. */
export function undisturbedEnding({ setting, operation }: Pick<Case, "setting" | "operation">): Ending {
  return setting.api === "v2 in One-Time Read" && operation.label === "adopt" ? "failed" : "done";
}

/** How a command with a fault ends, and why. */
export function endingOf(one: Case): Verdict {
  if (undisturbedEnding(one) === "failed")
    return { ending: "failed", because: "no fault can make Datadog show a secret again" };
  const verdicts = one.struck.map((met) => verdictOn({ ...one, met }));
  return verdicts.find(({ ending }) => ending === "failed") ?? verdictOn({ ...one, met: one.point });
}

function verdictOn(meeting: Meeting): Verdict {
  const family = familyAt(meeting.fault, meeting.met, apiOf(meeting), meeting.operation.label === "adopt");
  const rule = rules.find((candidate) => fits(candidate, family, meeting));
  if (!rule) throw new Error(`no rule for ${meeting.fault.label}`);
  return rule;
}

function fits({ families, kinds, operations, lasting, when }: Rule, family: Family, meeting: Meeting): boolean {
  return (
    families.includes(family) &&
    (kinds?.includes(kindOf(meeting.met)) ?? true) &&
    (operations?.includes(meeting.operation.label) ?? true) &&
    (lasting === undefined || lasting === meeting.lasting) &&
    (when?.(meeting) ?? true)
  );
}

function inOneTimeRead(meeting: Meeting): boolean {
  return apiOf(meeting) === "v2 in One-Time Read";
}

/** Whether v1's list shows this user another user's key with the same name. */
function seesNamesake({ user, names }: Setting): boolean {
  return user !== "ordinary" && names !== "organisation";
}

/** Whether a request renames a previous key that stays valid, or looks for it before that. */
function isForNewName(point: Point): boolean {
  return kindOf(point) === "change" || point.looksFor === "change";
}

/** Whether a key and its successor need different names. A colleague's successor has another owner. */
function isNameNeeded({ names, user }: Setting): boolean {
  return names === "organisation" || (names === "owner" && user !== "colleague");
}
