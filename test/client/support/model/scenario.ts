import fc from "fast-check";
import { type Mistake, mistakes } from "../wrong-credentials";
import { type Setting, apis, readLags, uniqueness, users } from "../fault-matrix/settings";

/** Resources of the program, and possible names of their keys. */
const resources = ["a", "b", "c", "d"] as const;
const keyNames = ["ci", "deploy", "metrics", "logs", "traces", "alerts"] as const;
const scopeNames = ["dashboards_read", "monitors_read", "metrics_read"] as const;

export type Resource = (typeof resources)[number];

/** A change before the next command. */
export type Change =
  | {
      readonly kind: "declare";
      readonly resource: Resource;
      readonly name: string;
      readonly adopt: Adopt;
      /** If Datadog refuses the scopes, adopting the key is done in part. */
      readonly scopes: readonly string[];
    }
  | { readonly kind: "rename"; readonly resource: Resource; readonly name: string }
  | { readonly kind: "rescope"; readonly resource: Resource; readonly scopes: readonly string[] }
  | { readonly kind: "remove" | "rotate"; readonly resource: Resource }
  | { readonly kind: "keep previous"; readonly resource: Resource; readonly on: boolean }
  /** A change of `replacementTrigger`, or `pulumi state taint`. */
  | { readonly kind: "trigger" | "taint"; readonly resource: Resource }
  /** The options `deleteBeforeReplace` and `hooks: { onError }`, from now on. */
  | { readonly kind: "delete first" | "retry"; readonly resource: Resource }
  /** Two resources swap names and keep their keys. */
  | { readonly kind: "swap names"; readonly resource: Resource; readonly with: Resource }
  /** Another resource adopts the key. */
  | { readonly kind: "move"; readonly resource: Resource; readonly to: Resource }
  | { readonly kind: "adopt"; readonly resource: Resource; readonly adopt: Adopt }
  /** A change in Datadog's web page, without Pulumi. */
  | { readonly kind: "drift" | "revoke" | "revoke previous"; readonly resource: Resource }
  /** The user who runs the commands creates a key in Datadog's web page. */
  | { readonly kind: "add"; readonly name: string };

export type Adopt = boolean | "replace";

export type Command = "up" | "up --refresh" | "refresh" | "preview --refresh" | "destroy" | "destroy --refresh";

/** A command during which something goes wrong. */
export type Disturbance = { readonly command: Command } & (
  | { readonly kind: "credentials"; readonly mistake: Mistake }
  | { readonly kind: "faults"; readonly seed: number; readonly probability: number }
  /** The process is killed after it has sent this request. */
  | { readonly kind: "kill"; readonly request: number; readonly carriedOut: boolean }
);

export interface Episode {
  readonly changes: readonly Change[];
  readonly disturbances: readonly Disturbance[];
  readonly parallel: boolean;
  /** The seed of delays for the commands in which nothing else goes wrong. */
  readonly delays: number | undefined;
  /** How the user refreshes: with `refresh` before `up`, or with `up --refresh`. */
  readonly refreshes: "before" | "with up";
}

export interface Scenario extends Setting {
  /** What is deployed before anything goes wrong and before a colleague takes over. */
  readonly start: readonly Change[];
  readonly episodes: readonly Episode[];
  /** What happens to the stack at the end. */
  readonly ending: "kept" | "destroy" | "destroy --refresh";
}

const resource = fc.constantFrom(...resources);
const name = fc.constantFrom(...keyNames);
const adopt = fc.constantFrom<Adopt>(false, false, true, "replace");

const scopes = fc.oneof(
  { weight: 4, arbitrary: fc.constant([]) },
  { weight: 1, arbitrary: fc.subarray([...scopeNames]) },
);

const change: fc.Arbitrary<Change> = fc.oneof(
  { weight: 4, arbitrary: fc.record({ kind: fc.constant("declare"), resource, name, adopt, scopes }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant("rename"), resource, name }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant("rescope"), resource, scopes: fc.subarray([...scopeNames]) }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant("remove"), resource }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constantFrom("trigger", "taint"), resource }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constantFrom("delete first", "retry"), resource }) },
  { weight: 3, arbitrary: fc.record({ kind: fc.constant("rotate"), resource }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant("keep previous"), resource, on: fc.boolean() }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant("swap names"), resource, with: resource }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant("move"), resource, to: resource }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant("adopt"), resource, adopt }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constantFrom("drift", "revoke", "revoke previous"), resource }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant("add"), name }) },
);

const command = fc.oneof(
  { weight: 6, arbitrary: fc.constantFrom<Command>("up", "up --refresh") },
  { weight: 3, arbitrary: fc.constantFrom<Command>("refresh", "preview --refresh") },
  { weight: 1, arbitrary: fc.constantFrom<Command>("destroy", "destroy --refresh") },
);

const disturbance: fc.Arbitrary<Disturbance> = fc.oneof(
  fc.record({
    kind: fc.constant("faults"),
    command,
    seed: fc.nat(),
    probability: fc.constantFrom(0.1, 0.2, 0.4, 0.6),
  }),
  fc.record({ kind: fc.constant("credentials"), command, mistake: fc.constantFrom(...mistakes) }),
  fc.record({ kind: fc.constant("kill"), command, request: fc.integer({ min: 1, max: 12 }), carriedOut: fc.boolean() }),
);

export const scenario: fc.Arbitrary<Scenario> = fc.record({
  api: fc.constantFrom(...apis),
  names: fc.constantFrom(...uniqueness),
  user: fc.constantFrom(...users),
  readLag: fc.constantFrom(...readLags),
  start: fc.constantFrom<readonly Change[]>(
    [],
    [{ kind: "declare", resource: "a", name: "ci", adopt: false, scopes: [] }],
    [
      { kind: "declare", resource: "a", name: "ci", adopt: true, scopes: [] },
      { kind: "declare", resource: "b", name: "deploy", adopt: "replace", scopes: [] },
      { kind: "declare", resource: "c", name: "metrics", adopt: false, scopes: [] },
    ],
    [
      { kind: "declare", resource: "a", name: "ci", adopt: false, scopes: [] },
      { kind: "keep previous", resource: "a", on: true },
    ],
  ),
  episodes: fc.array(
    fc.record({
      changes: fc.array(change, { minLength: 2, maxLength: 6, size: "max" }),
      disturbances: fc.array(disturbance, { maxLength: 3, size: "max" }),
      parallel: fc.boolean(),
      delays: fc.option(fc.nat(), { nil: undefined, freq: 2 }),
      refreshes: fc.constantFrom("before", "with up"),
    }),
    { minLength: 1, maxLength: 6, size: "max" },
  ),
  ending: fc.constantFrom("kept", "destroy", "destroy --refresh"),
});
