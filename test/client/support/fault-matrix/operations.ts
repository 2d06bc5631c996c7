import type { KeyInputs } from "../../../../provider/lifecycle/model/properties";
import type { Outcome, Program, RunOptions } from "../stack";
import type { Surroundings } from "../surroundings";
import { type Api, type Setting, declaredIn } from "./settings";

/** What a command of the user's does with one key. */
export interface Operation {
  readonly label: string;
  /** What is deployed first, where one program is not enough. */
  readonly first?: Partial<KeyInputs>;
  /** What is deployed before. */
  readonly before?: Partial<KeyInputs>;
  /** What the program declares then; undefined: nothing. */
  readonly after: Partial<KeyInputs> | undefined;
  /** What happens between the two, behind Pulumi's back. */
  readonly meanwhile?: (surroundings: Surroundings) => void;
  /** @default `pulumi up` */
  readonly refresh?: true;
  /** The organisation changes to One-Time Read mode before. */
  readonly turnsOneTimeRead?: true;
  readonly needs?: "v2" | "v1";
}

/** The name that every program of the matrix gives its key. */
export const keyName = "ci deployer";

/** A key that does not show yet is not there for anybody who asks: no promise is made of one. */
const addKey = (surroundings: Surroundings) => {
  surroundings.sandbox.add({ name: keyName });
  surroundings.passLag();
};
const once = { keepers: { turn: "1" } };
const twice = { keepers: { turn: "2" } };
const keepPrevious = true;
const thrice = { keepers: { turn: "3" }, keepPrevious };
const withPrevious = { first: { ...once, keepPrevious }, before: { ...twice, keepPrevious } };

const all: readonly Operation[] = [
  { label: "create", after: {} },
  { label: "read", before: {}, after: {}, refresh: true },
  { label: "update", before: { name: "another name" }, after: {} },
  { label: "rescope", before: { scopes: ["dashboards_read"] }, after: { scopes: ["monitors_read"] }, needs: "v2" },
  { label: "delete", before: {}, after: undefined },
  { label: "adopt", after: { adopt: true }, meanwhile: addKey },
  { label: "adopt by replacing", after: { adopt: "replace" }, meanwhile: addKey },
  { label: "rotate", before: once, after: twice },
  { label: "rotate with adopt", before: once, after: { ...twice, adopt: "replace" } },
  {
    label: "rotate after One-Time Read came",
    before: once,
    after: twice,
    turnsOneTimeRead: true,
    needs: "v1",
  },
  { label: "rotate keeping the previous", before: { ...once, keepPrevious }, after: { ...twice, keepPrevious } },
  { label: "rotate keeping the previous once more", ...withPrevious, after: thrice },
  { label: "read with a previous", ...withPrevious, after: { ...twice, keepPrevious }, refresh: true },
  { label: "switch keepPrevious off", ...withPrevious, after: twice },
  { label: "destroy with a previous", ...withPrevious, after: undefined },
  { label: "create for the Actions API", after: { actionsApi: true }, needs: "v2" },
  { label: "register", before: {}, after: { actionsApi: true }, needs: "v2" },
  { label: "delete what is registered", before: { actionsApi: true }, after: undefined, needs: "v2" },
];

/** A colleague works on the ordinary user's keys: who makes or adopts keys of their own is in the other users' cases. */
export function operationsIn({ api, user }: Setting): readonly Operation[] {
  return all.filter(
    ({ needs, before }) =>
      (needs === undefined || (needs === "v1") === (api === "v1")) && (user !== "colleague" || before !== undefined),
  );
}

/** What serves the keys while the operation goes on. */
export function apiOf({ setting, operation }: { readonly setting: Setting; readonly operation: Operation }): Api {
  return operation.turnsOneTimeRead ? "v2 in One-Time Read" : setting.api;
}

export function programOf(setting: Setting, declared: Partial<KeyInputs> | undefined): Program {
  return declared ? { key: { name: keyName, ...declaredIn(setting), ...declared } } : {};
}

/** Brings a sandbox and a stack to where the operation begins. It begins at once: what was deployed may not show yet. */
export async function prepare(operation: Operation, setting: Setting, surroundings: Surroundings): Promise<void> {
  const { sandbox, stack, clock, owner } = surroundings;
  for (const declared of [...(operation.first ? [operation.first] : []), operation.before]) {
    const { errors } = await stack.up(programOf(setting, declared), { clock, appKey: owner.appKey });
    if (errors[0]) throw errors[0];
  }
  operation.meanwhile?.(surroundings);
  if (operation.turnsOneTimeRead) sandbox.setOneTimeRead(true);
}

export async function operate(
  operation: Operation,
  setting: Setting,
  { stack, clock, runner }: Surroundings,
  options: RunOptions = {},
): Promise<Outcome> {
  const as = { clock, appKey: runner.appKey, ...options };
  return operation.refresh ? stack.refresh(as) : stack.up(programOf(setting, operation.after), as);
}
