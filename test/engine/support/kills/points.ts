import fc from "fast-check";
import type { Fault, SandboxOptions } from "../../../../sandbox/index.ts";

/** The process that is killed. "interrupt" is Ctrl-C. */
export type Killer = "cli" | "provider" | "everything" | "interrupt" | "interrupt twice";

/** The operations of a life, in this order. */
const operations = ["create", "rename", "rotate", "adopt", "destroy"] as const;
export type Operation = (typeof operations)[number];

/** The kind of organisation. */
export interface Mode {
  readonly api: "v1" | "v2" | "v2 in One-Time Read";
  readonly uniqueNames: boolean;
}

/** A moment to kill in. */
export interface KillPoint {
  readonly operation: Operation;
  readonly killer: Killer;
  /** The request that is pending at this moment. */
  readonly method: string;
  readonly nth: number;
  /**
   * Whether the command has `--refresh`, as in many CI jobs. The engine then reads and compares every key of the state
   * first.
   */
  readonly refresh: boolean;
  /** What Datadog does with this request: never handle it, handle it after the kill, or handle it before the kill. */
  readonly fate: "never" | "late" | "done";
}

/** The number of keys that a life begins with. */
export const keyCount = 3;

const killers: Killer[] = ["cli", "provider", "everything", "interrupt", "interrupt twice"];

export function sandboxOptions({ api, uniqueNames }: Mode): SandboxOptions {
  return { uniqueNames: uniqueNames && "organisation", oneTimeRead: api === "v2 in One-Time Read" };
}

/** The requests that an operation always sends: method and number. */
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

/** The order lets the first few lives use each API with and without unique names. */
const modes: readonly Mode[] = [
  { api: "v1", uniqueNames: true },
  { api: "v2", uniqueNames: false },
  { api: "v2 in One-Time Read", uniqueNames: true },
  { api: "v1", uniqueNames: false },
  { api: "v2", uniqueNames: true },
  { api: "v2 in One-Time Read", uniqueNames: false },
];

/** A life has every operation once. Each is killed at a random moment, which the seed decides. */
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
      // The weights favour moments when Datadog has a key that is not in the state.
      fate: fc.constantFrom("never", "late", "late", "done", "done", "done"),
    }),
  );
}

/** The fault that makes time for the kill: the sandbox delays a request. */
export function faultAt({ killer, method, nth, fate }: KillPoint): Fault {
  const kind = fate === "done" ? "delay-after" : "delay";
  // After one Ctrl-C the CLI waits for the answer.
  const ms = fate === "late" || killer === "interrupt" ? 300 : 10 * 60_000;
  return { kind, ms, method, nth };
}

/** The text for the output of a failing test. */
export function shown({ operation, killer, method, nth, fate, refresh }: KillPoint): string {
  return `${killer} during ${operation}${refresh ? " --refresh" : ""}, at ${method} ${nth}, which is ${fate === "never" ? "never done" : fate}`;
}
