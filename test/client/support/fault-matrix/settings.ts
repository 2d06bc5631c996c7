import type { KeyInputs } from "../../../../provider/lifecycle/model/properties";
import type { UniqueNames } from "../../../../sandbox/index";

export const apis = ["v1", "v2", "v2 in One-Time Read"] as const;
export type Api = (typeof apis)[number];

/** Within what a name may not occur twice. */
export const uniqueness = ["organisation", "owner", false] as const satisfies readonly UniqueNames[];
export type Names = (typeof uniqueness)[number];

/**
 * Who runs the commands. `ordinary`: the keys' owner, who has only `user_app_keys`. `colleague`: someone who may read
 * and write all keys, after the ordinary user has deployed some. `administrator`: the owner, who may do everything.
 */
export const users = ["ordinary", "colleague", "administrator"] as const;
export type User = (typeof users)[number];

/** How many seconds reads are late. */
export const readLags = [0, 3, 20] as const;
export type ReadLag = (typeof readLags)[number];

/** A kind of organisation, and who works in it. */
export interface Setting {
  readonly api: Api;
  readonly names: Names;
  readonly user: User;
  readonly readLag: ReadLag;
}

/** What a program says in this kind of organisation. v1 is the default, and One-Time Read is found out. */
export function declaredIn({ api }: Pick<Setting, "api">): Partial<KeyInputs> {
  return api === "v2" ? { apiVersion: "v2" } : {};
}

/** What the messages tell the user to set where a key was left behind. */
export function adoptionIn({ api }: Pick<Setting, "api">): true | "replace" {
  return api === "v2 in One-Time Read" ? "replace" : true;
}

export function describeNames(names: Names): string {
  return names === false ? "names that may occur twice" : `names unique per ${names}`;
}

export function describeSetting({ api, names, user, readLag }: Setting): string {
  return [api, describeNames(names), user, ...(readLag > 0 ? [`reads ${readLag} s late`] : [])].join(", ");
}
