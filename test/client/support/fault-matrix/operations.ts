import type { KeyInputs } from "../../../../provider/lifecycle/model/properties";
import type { Sandbox } from "../../../../sandbox/index";
import type { Outcome, Program, RunOptions, Stack } from "../stack";
import type { Setting } from "./settings";

/** What a command of the user's does with one key. */
export interface Operation {
  readonly label: string;
  /** What is deployed before. */
  readonly before?: Partial<KeyInputs>;
  /** What the program declares then; undefined: nothing. */
  readonly after: Partial<KeyInputs> | undefined;
  /** What happens between the two, behind Pulumi's back. */
  readonly meanwhile?: (sandbox: Sandbox) => void;
  /** @default `pulumi up` */
  readonly refresh?: true;
  readonly needs?: "v2" | "v1";
}

/** The name that every program of the matrix gives its key. */
export const keyName = "ci deployer";

const addKey = (sandbox: Sandbox) => sandbox.add({ name: keyName });
const once = { keepers: { turn: "1" } };
const twice = { keepers: { turn: "2" } };

export const operations: readonly Operation[] = [
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
    meanwhile: (sandbox) => {
      sandbox.setOneTimeRead(true);
    },
    needs: "v1",
  },
];

export function programOf(setting: Setting, declared: Partial<KeyInputs> | undefined): Program {
  return declared ? { key: { name: keyName, ...setting.declared, ...declared } } : {};
}

/** Brings a sandbox and a stack to where the operation begins. */
export async function prepare(operation: Operation, setting: Setting, sandbox: Sandbox, stack: Stack): Promise<void> {
  const { errors } = await stack.up(programOf(setting, operation.before));
  if (errors[0]) throw errors[0];
  operation.meanwhile?.(sandbox);
}

export async function operate(
  operation: Operation,
  setting: Setting,
  stack: Stack,
  options: RunOptions,
): Promise<Outcome> {
  return operation.refresh ? stack.refresh(options) : stack.up(programOf(setting, operation.after), options);
}
