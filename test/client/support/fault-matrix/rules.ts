import type { Family } from "./faults";
import type { Setting } from "./settings";

/** How a command that met a fault must end. */
export type Ending =
  /** As if nothing had happened. */
  | "done"
  /** With an error that helps. */
  | "told"
  /** Either. What holds in any case: see run-case.ts. */
  | "either";

export interface Struck {
  readonly method: string;
  readonly route: string;
}

interface Rule {
  readonly families: readonly Family[];
  /** @default all */
  readonly methods?: readonly string[];
  /** What the operation's label begins with. @default all */
  readonly operations?: readonly string[];
  readonly ending: Ending;
}

/** How an operation ends where nothing goes wrong: in One-Time Read mode nobody can take a key over whose secret is lost. */
export function undisturbedEnding({ api }: Setting, operation: string): "done" | "told" {
  return api === "v2 in One-Time Read" && operation === "adopt" ? "told" : "done";
}

/** How a command ends that meets a fault once: by the first rule that fits. */
const rules: readonly Rule[] = [
  { families: ["harmless", "unanswered"], ending: "done" },
  // A POST without a usable answer is settled by the list.
  { families: ["unusable", "partly usable"], methods: ["POST"], ending: "done" },
  { families: ["unusable"], ending: "told" },
  // What nobody reads may be missing.
  { families: ["partly usable"], ending: "either" },
  // In a rotation, the name is the replaced key's, which steps aside.
  { families: ["taken"], methods: ["POST"], operations: ["rotate"], ending: "either" },
  // The write that proves a key alive: who says that its name is taken says that it is there.
  { families: ["taken"], methods: ["PUT", "PATCH"], operations: ["adopt"], ending: "either" },
  // A key that stays valid is named otherwise for clarity only; the reads are those that look for it.
  { families: ["taken"], methods: ["PUT", "PATCH", "GET"], operations: ["rotate keeping"], ending: "either" },
  { families: ["refused", "taken"], ending: "told" },
  // Another path may show the key, or another version of the API serve the organisation.
  { families: ["hidden"], ending: "either" },
];

export function endingOf(family: Family, { method }: Struck, operation: string): Ending {
  const rule = rules.find(
    ({ families, methods, operations }) =>
      families.includes(family) &&
      (methods?.includes(method) ?? true) &&
      (operations?.some((label) => operation.startsWith(label)) ?? true),
  );
  if (!rule) throw new Error(`no rule for ${family}`);
  return rule.ending;
}
