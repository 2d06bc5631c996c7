import type { Case } from "./case";
import type { Family } from "./faults";
import { apiOf } from "./operations";
import { type Kind, type Point, familyAt, isV1, kindOf } from "./requests";
import type { Setting } from "./settings";

/** How a command ends: as if nothing had happened, or with an error that helps. */
export type Ending = "done" | "told";

/** A case, and one of the requests that meet its fault. */
type Meeting = Case & { readonly met: Point };

type Verdict = Pick<Rule, "ending" | "because">;

interface Rule {
  readonly families: readonly Family[];
  /** @default all */
  readonly kinds?: readonly Kind[];
  /** Labels. @default all */
  readonly operations?: readonly string[];
  /** @default both those that strike once and those that last */
  readonly lasting?: boolean;
  readonly when?: (meeting: Meeting) => boolean;
  readonly ending: Ending;
  readonly because: string;
}

const reading = ["read", "read with a previous"];
const keeping = ["rotate keeping the previous", "rotate keeping the previous once more"];
const rotating = [...keeping, "rotate", "rotate with adopt", "rotate after One-Time Read came"];

const lost: readonly Family[] = ["unanswered", "unusable"];
const hidden: readonly Family[] = ["forbidden", "not found"];

/** How a command ends that meets a fault: by the first rule that fits. No case may end either way. */
const rules: readonly Rule[] = [
  { families: ["harmless"], ending: "done", because: "the answer says what it says in any case" },
  { families: ["limited"], lasting: false, ending: "done", because: "a rate limit is waited for" },
  { families: ["limited"], ending: "told", because: "a rate limit is waited for at most five minutes" },

  // A POST is not simply sent again: the list tells what became of it.
  {
    families: ["unheard", ...lost],
    kinds: ["create"],
    lasting: false,
    ending: "done",
    because: "the list tells what became of the key, which is asked for again only if there is none",
  },
  {
    families: ["unheard"],
    kinds: ["create"],
    ending: "told",
    because: "no key is made, however often it is asked for",
  },
  {
    families: lost,
    kinds: ["create"],
    when: ({ met }) => met.status === 409,
    ending: "told",
    because: "nobody learns that the name is taken, so that the key which has it does not step aside",
  },
  {
    families: lost,
    kinds: ["create"],
    when: inOneTimeRead,
    ending: "told",
    because: "each key's secret is lost with the answer that told it",
  },
  { families: lost, kinds: ["create"], ending: "done", because: "the key is made, and the list shows it" },
  {
    families: hidden,
    kinds: ["create"],
    when: ({ met }) => isV1(met),
    ending: "done",
    because: "v1 may be disabled there, so that v2 makes the key",
  },
  {
    families: ["taken"],
    kinds: ["create"],
    operations: rotating,
    lasting: false,
    ending: "done",
    because: "the name is the replaced key's, which moves aside, and the refusal may be older than that",
  },

  // What holds of all other requests.
  { families: ["unheard", "unanswered"], lasting: false, ending: "done", because: "it is sent again" },
  { families: ["unheard", "unanswered"], ending: "told", because: "all four tries fail" },
  { families: ["unusable"], ending: "told", because: "an answer that lacks what it is asked for is an error" },
  { families: ["refused"], ending: "told", because: "a refusal that may mean nothing else is an error" },

  // A name that somebody has.
  {
    families: ["taken"],
    kinds: ["change"],
    operations: ["adopt", "adopt by replacing"],
    when: ({ point }) => point.occurrence === 1,
    ending: "told",
    because: "the first change proves that the key has its name, and a refusal says that it was renamed",
  },
  {
    families: ["taken"],
    operations: ["create", "create for the Actions API", "update"],
    lasting: false,
    when: ({ operation, met }) => operation.label === "update" || kindOf(met) === "create",
    ending: "done",
    because: "a refusal may describe the state of some seconds ago, so the request is sent once more",
  },
  {
    families: ["taken"],
    kinds: ["create"],
    operations: ["adopt by replacing"],
    lasting: false,
    ending: "done",
    because: "a key that stepped aside may have its name back, and steps aside once more",
  },
  {
    families: ["forbidden"],
    kinds: ["list of everybody's"],
    ending: "told",
    because: "who may see neither list cannot tell whether the key is there",
  },
  {
    families: ["taken", ...hidden],
    operations: keeping,
    when: ({ setting, met, lasting }) => isForNewName(met) && !(lasting && isNameNeeded(setting)),
    ending: "done",
    because: "a key that stays valid needs another name only where Datadog refuses its successor the same one",
  },
  { families: ["taken"], ending: "told", because: "nothing of this run has the name" },

  // Who may tell of a key: each version of the API, its owner's own path, and everybody's.
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
    ending: "told",
    because: "v1 has answered in this run, so that it is not disabled",
  },
  {
    families: hidden,
    kinds: ["caller"],
    operations: ["create"],
    when: ({ setting }) => setting.api === "v1" && seesNamesake(setting),
    ending: "told",
    because: "v1's list shows this user somebody else's key of the name, and nobody says that it is not the caller's",
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
    because: "the list does not show the key that was made a moment ago, so its owner is not compared",
  },
  {
    families: hidden,
    kinds: ["caller"],
    when: (meeting) => apiOf(meeting) === "v1",
    ending: "told",
    because: "v1's list may show other users' keys, and nobody says which ones are the caller's",
  },
  {
    families: hidden,
    kinds: ["caller"],
    operations: reading,
    // The UUID of the caller is enough, and this fault leaves it in the answer.
    when: ({ setting, fault }) => setting.user === "ordinary" && fault.label !== "no field attributes",
    ending: "told",
    because:
      "a key that the caller's list misses is gone only if it is the caller's, and this user may see no other list",
  },
  {
    families: hidden,
    kinds: ["caller"],
    ending: "done",
    because: "who the caller is need not be known: the owner stays unnamed, or everybody's list is asked",
  },
  {
    families: hidden,
    kinds: ["look"],
    operations: ["adopt"],
    ending: "told",
    because: "a key is not taken over without its secret, which only this answer tells",
  },
  { families: hidden, kinds: ["look"], ending: "done", because: "the list shows the key" },
  {
    families: hidden,
    kinds: ["list of the owner's"],
    when: ({ setting }) => setting.api === "v1",
    ending: "told",
    because: "what v1 does not tell of its key, this list must",
  },
  {
    families: hidden,
    kinds: ["list of the owner's"],
    when: ({ setting, operation, met }) =>
      setting.user !== "ordinary" && (met.looksFor !== undefined || reading.includes(operation.label)),
    ending: "done",
    because: "everybody's list shows the key to this user",
  },

  // A change that Datadog does not carry out.
  {
    families: ["not found"],
    kinds: ["unregister"],
    ending: "done",
    because: "a key that is not registered is as it shall be",
  },
  {
    families: ["not found"],
    kinds: ["change", "revoke", "register"],
    lasting: false,
    ending: "done",
    because: "the key is looked for, found, and changed",
  },
  {
    families: ["forbidden"],
    kinds: ["register"],
    lasting: false,
    when: ({ setting }) => setting.user === "colleague",
    ending: "done",
    because: "the key turns out to be another user's, and it is sent again as for one of those",
  },
  { families: hidden, ending: "told", because: "nothing else serves" },
];

/** In One-Time Read mode nobody can take a key over whose secret is lost. */
export function undisturbedEnding({ setting, operation }: Pick<Case, "setting" | "operation">): Ending {
  return setting.api === "v2 in One-Time Read" && operation.label === "adopt" ? "told" : "done";
}

/** How a command ends that meets a fault, and why. */
export function endingOf(one: Case): Verdict {
  if (undisturbedEnding(one) === "told")
    return { ending: "told", because: "nothing that goes wrong brings a secret back" };
  const verdicts = one.struck.map((met) => verdictOn({ ...one, met }));
  return verdicts.find(({ ending }) => ending === "told") ?? verdictOn({ ...one, met: one.point });
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

/** Whether v1's list shows the user a key of the same name that another user owns. */
function seesNamesake({ user, names }: Setting): boolean {
  return user !== "ordinary" && names !== "organisation";
}

/** Whether a request renames a key that is to stay, or looks for it to do so. */
function isForNewName(point: Point): boolean {
  return kindOf(point) === "change" || point.looksFor === "change";
}

/** Whether a key and its successor must not have the same name: a colleague's successor is of another owner. */
function isNameNeeded({ names, user }: Setting): boolean {
  return names === "organisation" || (names === "owner" && user !== "colleague");
}
