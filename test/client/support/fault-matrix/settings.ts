import type { KeyInputs } from "../../../../provider/lifecycle/model/inputs";
import type { UniqueNames } from "../../../../sandbox/index";

export const apis = ["v1", "v2", "v2 in One-Time Read"] as const;
export type Api = (typeof apis)[number];

/** The scope in which names are unique. */
export const uniqueness = ["organisation", "owner", false] as const satisfies readonly UniqueNames[];
export type Names = (typeof uniqueness)[number];

/**
 * The user who runs the commands. `ordinary`: the keys' owner, who has only `user_app_keys`. `colleague`: a user who
 * may read and write all keys, and takes over after the ordinary user has deployed some. `administrator`: the keys'
 * owner, who may do everything.
 */
export const users = ["ordinary", "colleague", "administrator"] as const;
export type User = (typeof users)[number];

/** By how many seconds reads are late. */
export const readLags = [0, 3, 20] as const;
export type ReadLag = (typeof readLags)[number];

/** A kind of organisation and the user who works in it. */
export interface Setting {
  readonly api: Api;
  readonly names: Names;
  readonly user: User;
  readonly readLag: ReadLag;
}

/**
 * The inputs that a program needs in this kind of organisation. v1 is the default, and the provider detects One-Time
 * Read by itself.
 */
export function declaredIn({ api }: Pick<Setting, "api">): Partial<KeyInputs> {
  return api === "v2" ? { apiVersion: "v2" } : {};
}

/** The value of `adopt` that the messages advise for a key that was left behind. */
export function adoptionIn({ api }: Pick<Setting, "api">): true | "replace" {
  return api === "v2 in One-Time Read" ? "replace" : true;
}

export function describeNames(names: Names): string {
  return names === false ? "names that may occur twice" : `names unique per ${names}`;
}

export function describeSetting({ api, names, user, readLag }: Setting): string {
  return [api, describeNames(names), user, ...(readLag > 0 ? [`reads ${readLag} s late`] : [])].join(", ");
}
