import type { KeyRecord, NewKey } from "./keys";
import type { V1Keys } from "./v1";
import type { Owner, V2Keys } from "./v2";

/** The keys of one owner, through v1 or v2. */
export interface KeyApi {
  readonly version: "v1" | "v2";
  readonly create: (key: NewKey) => Promise<KeyRecord>;
  /** The key with its secret, if Datadog still shows it. */
  readonly reveal: (key: KeyRecord) => Promise<KeyRecord>;
}

export function v1Api(keys: V1Keys): KeyApi {
  return {
    version: "v1",
    create: ({ name }) => keys.create(name),
    reveal: (key) => Promise.resolve(key),
  };
}

export function v2Api(keys: V2Keys, owner: Owner): KeyApi {
  return {
    version: "v2",
    create: (key) => keys.create(owner, key),
    reveal: (key) => keys.get(owner, key.id),
  };
}

/** The secret of a key that v1 showed. Every answer of v1 contains it (see v1.ts). */
export function secretOf({ key }: KeyRecord): string {
  if (key === undefined) throw new Error("a key that v1 listed has no secret");
  return key;
}
