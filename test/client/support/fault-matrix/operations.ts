import type { KeyInputs } from "../../../../provider/lifecycle/model/inputs";
import type { Outcome, Program, RunOptions } from "../stack";
import type { Surroundings } from "../surroundings";
import { type Api, type Setting, declaredIn } from "./settings";

/** One command and what it does to one key. */
export interface Operation {
  readonly label: string;
  /** What is deployed first, if one program before the command is not enough. */
  readonly first?: Partial<KeyInputs>;
  /** What is deployed before the command. */
  readonly before?: Partial<KeyInputs>;
  /** What the program declares for the command. Undefined means nothing. */
  readonly after: Partial<KeyInputs> | undefined;
  /** What happens in between without Pulumi. */
  readonly meanwhile?: (surroundings: Surroundings) => void;
  /** @default `pulumi up` */
  readonly refresh?: true;
  /** Whether the organisation changes to One-Time Read mode before the command. */
  readonly turnsOneTimeRead?: true;
  readonly needs?: "v2" | "v1";
}

/** The name of the key in every program of the matrix. */
export const keyName = "ci deployer";

/** The matrix promises nothing about a key that reads do not show yet, so the clock moves until they do. */
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
    label: "rotate after One-Time Read is on",
    before: once,
    after: twice,
    turnsOneTimeRead: true,
    needs: "v1",
  },
  { label: "rotate with keepPrevious", before: { ...once, keepPrevious }, after: { ...twice, keepPrevious } },
  { label: "rotate with keepPrevious again", ...withPrevious, after: thrice },
  { label: "read with a previous key", ...withPrevious, after: { ...twice, keepPrevious }, refresh: true },
  { label: "switch keepPrevious off", ...withPrevious, after: twice },
  { label: "destroy with a previous key", ...withPrevious, after: undefined },
  { label: "create for the Actions API", after: { actionsApi: true }, needs: "v2" },
  { label: "register", before: {}, after: { actionsApi: true }, needs: "v2" },
  { label: "delete a registered key", before: { actionsApi: true }, after: undefined, needs: "v2" },
];

/** The colleague works only on the ordinary user's keys. The cases of the other users cover creating and adopting. */
export function operationsIn({ api, user }: Setting): readonly Operation[] {
  return all.filter(
    ({ needs, before }) =>
      (needs === undefined || (needs === "v1") === (api === "v1")) && (user !== "colleague" || before !== undefined),
  );
}

/** The API that serves the keys during the operation. */
export function apiOf({ setting, operation }: { readonly setting: Setting; readonly operation: Operation }): Api {
  return operation.turnsOneTimeRead ? "v2 in One-Time Read" : setting.api;
}

export function programOf(setting: Setting, declared: Partial<KeyInputs> | undefined): Program {
  return declared ? { key: { name: keyName, ...declaredIn(setting), ...declared } } : {};
}

/**
 * Brings a sandbox and a stack to the point where the operation begins. It begins at once, so reads may not show the
 * deployed keys yet.
 */
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
