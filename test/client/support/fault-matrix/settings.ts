import type { KeyInputs } from "../../../../provider/lifecycle/model/properties";
import type { SandboxOptions } from "../../../../sandbox/index";

export type Api = "v1" | "v2" | "v2 in One-Time Read";
export type Names = "unique" | "duplicate";

/** A kind of organisation, and what a program says in it. */
export interface Setting {
  readonly api: Api;
  readonly names: Names;
  readonly sandbox: SandboxOptions;
  readonly declared: Partial<KeyInputs>;
  /** What the messages tell the user to set where a key was left behind. */
  readonly adopt: true | "replace";
}

export function settingOf(api: Api, names: Names): Setting {
  const oneTimeRead = api === "v2 in One-Time Read";
  return {
    api,
    names,
    sandbox: { user: "admin", uniqueNames: names === "unique" && "owner", oneTimeRead },
    // v1 is the default, and One-Time Read is found out.
    declared: api === "v2" ? { apiVersion: "v2" } : {},
    adopt: oneTimeRead ? "replace" : true,
  };
}
