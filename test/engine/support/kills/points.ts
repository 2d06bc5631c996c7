import fc from "fast-check";
import type { Fault, SandboxOptions } from "../../../../sandbox/index.ts";

/** What is killed; "interrupt" is Ctrl-C. */
export type Killer = "cli" | "provider" | "everything" | "interrupt" | "interrupt twice";

/** What a life consists of, in this order. */
const operations = ["create", "rename", "rotate", "adopt", "destroy"] as const;
export type Operation = (typeof operations)[number];

/** The kind of organisation that a life is spent in. */
export interface Mode {
  readonly api: "v1" | "v2" | "v2 in One-Time Read";
  readonly uniqueNames: boolean;
}

/** One moment in which to kill. */
export interface KillPoint {
  readonly operation: Operation;
  readonly killer: Killer;
  /** The request under way at that moment. */
  readonly method: string;
  readonly nth: number;
  /** With `--refresh`, as many CI jobs run it: the engine reads and compares every key of the state first. */
  readonly refresh: boolean;
  /** What becomes of that request: Datadog never begins it, carries it out after the kill, or has done so before. */
  readonly fate: "never" | "late" | "done";
}

/** How many keys a life begins with. */
export const keyCount = 3;

const killers: Killer[] = ["cli", "provider", "everything", "interrupt", "interrupt twice"];

export function sandboxOptions({ api, uniqueNames }: Mode): SandboxOptions {
  return { uniqueNames: uniqueNames && "organisation", oneTimeRead: api === "v2 in One-Time Read" };
}

/** The requests that an operation always sends, by method, with their number. */
function requestsOf(operation: Operation, { api, uniqueNames }: Mode): [method: string, count: number][] {
  const edit = api === "v1" ? "PUT" : "PATCH";
  switch (operation) {
    case "create":
      return [
        ["GET", 1],
        ["POST", keyCount],
      ];
    case "rename":
      return [[edit, keyCount]];
    case "rotate":
      return [["POST", keyCount], ["DELETE", keyCount], ...(uniqueNames ? [[edit, keyCount] as [string, number]] : [])];
    case "adopt":
      return [
        [edit, 1],
        ["POST", 1],
        ["DELETE", 1],
      ];
    case "destroy":
      return [["DELETE", keyCount + 1]];
  }
}

/** In an order in which the first few lives see each API, with and without unique names. */
const modes: readonly Mode[] = [
  { api: "v1", uniqueNames: true },
  { api: "v2", uniqueNames: false },
  { api: "v2 in One-Time Read", uniqueNames: true },
  { api: "v1", uniqueNames: false },
  { api: "v2", uniqueNames: true },
  { api: "v2 in One-Time Read", uniqueNames: false },
];

/** A life: every operation once, each killed somewhere in its middle, at random by the seed. */
export function lifeOf(number: number, seed: number): { mode: Mode; points: KillPoint[] } {
  const mode = modes[number % modes.length];
  if (!mode) throw new Error(`there is no life ${number}`);
  const points = fc.tuple(...operations.map((operation) => pointIn(operation, mode)));
  const [sample] = fc.sample(points, { seed, numRuns: 1 });
  if (!sample) throw new Error("fast-check gave no sample");
  return { mode, points: sample };
}

function pointIn(operation: Operation, mode: Mode): fc.Arbitrary<KillPoint> {
  return fc.constantFrom(...requestsOf(operation, mode)).chain(([method, count]) =>
    fc.record({
      operation: fc.constant(operation),
      refresh: fc.boolean(),
      killer: fc.constantFrom(...killers),
      method: fc.constant(method),
      nth: fc.constantFrom(...Array.from({ length: count }, (_, index) => index + 1)),
      // Most of the moments in which Datadog has a key that the engine has not.
      fate: fc.constantFrom("never", "late", "late", "done", "done", "done"),
    }),
  );
}

/** What opens the moment: a request of the sandbox's that takes its time. */
export function faultAt({ killer, method, nth, fate }: KillPoint): Fault {
  const kind = fate === "done" ? "delay-after" : "delay";
  // After one Ctrl-C the CLI waits for the answer.
  const ms = fate === "late" || killer === "interrupt" ? 300 : 10 * 60_000;
  return { kind, ms, method, nth };
}

/** For the output of a test that fails. */
export function shown({ operation, killer, method, nth, fate, refresh }: KillPoint): string {
  return `${killer} during ${operation}${refresh ? " --refresh" : ""}, at ${method} ${nth}, which is ${fate === "never" ? "never done" : fate}`;
}
