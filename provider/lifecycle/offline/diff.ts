import { isDeepStrictEqual } from "node:util";
import type { DiffResult } from "@pulumi/pulumi/dynamic";
import { rotationKeeper } from "../../rotation-period";
import { type KeyInputs, isUnknown, sameScopes } from "../model/inputs";
import type { KeyState } from "../model/state";

/** Compares the program with the state. Sends nothing. */
export function diffKey(olds: Stored<KeyState>, news: Stored<KeyInputs>): DiffResult {
  const changed = Object.entries(effects).filter(([, { differs }]) => differs(olds, news));
  const replaces = changed.flatMap(([property, { another }]) => (another ? [property] : []));
  // The resource is in the state only because of keys that it must still revoke.
  if (olds.__gone) replaces.push("hash");
  const changes =
    changed.length > 0 ||
    replaces.length > 0 ||
    // Replaced keys are not revoked yet, so the update tries again.
    (olds.superseded ?? []).length > 0 ||
    // The package's location has changed. Read and delete load it from the outputs.
    (olds.__provider !== undefined && news.__provider !== undefined && olds.__provider !== news.__provider);
  return { changes, replaces };
}

/** The stored outputs also contain the provider's text. */
type Stored<T> = T & { readonly __provider?: string };

/** The effect of a change of an argument. */
interface Effect {
  /** Whether it replaces the key. Otherwise the key is changed in place. */
  readonly another: boolean;
  /** Whether the argument has changed. Unknown values count as changed. */
  readonly differs: (olds: KeyState, news: KeyInputs) => boolean;
}

const inPlace = (differs: Effect["differs"]): Effect => ({ another: false, differs });
const anotherKey = (differs: Effect["differs"]): Effect => ({ another: true, differs });

const effects: Readonly<Record<keyof KeyInputs, Effect>> = {
  name: inPlace((olds, news) => news.name !== olds.name),
  site: anotherKey((olds, news) => news.site !== olds.site),
  // If the program does not choose, either version is right.
  apiVersion: anotherKey((olds, news) => news.apiVersion !== undefined && news.apiVersion !== olds.apiVersion),
  scopes: inPlace((olds, news) => isUnknown(news.scopes) || !sameScopes(news.scopes, olds.scopes)),
  serviceAccountId: anotherKey(
    (olds, news) => news.serviceAccountId?.toLowerCase() !== olds.serviceAccountId?.toLowerCase(),
  ),
  keepers: anotherKey((olds, news) => isUnknown(news.keepers) || !sameKeepers(olds.keepers ?? {}, news.keepers ?? {})),
  keepPrevious: inPlace((olds, news) => (news.keepPrevious ?? false) !== (olds.keepPrevious ?? false)),
  actionsApi: inPlace((olds, news) => (news.actionsApi ?? false) !== (olds.actionsApi ?? false)),
  // It matters only when a key is created.
  adopt: inPlace(() => false),
  connection: anotherKey((olds, news) => news.connection !== olds.connection),
};

/** A rotation period that starts no later than the stored one asks for no new key. See rotation-period.ts. */
function sameKeepers(olds: Readonly<Record<string, string>>, news: Readonly<Record<string, string>>): boolean {
  const made = olds[rotationKeeper];
  const youngEnough = firstDay(news[rotationKeeper]) <= firstDay(made);
  return isDeepStrictEqual(olds, made !== undefined && youngEnough ? { ...news, [rotationKeeper]: made } : news);
}

/** The day in milliseconds. NaN, for which every comparison is false, for another keeper of the same name. */
function firstDay(interval = ""): number {
  return /^\d{4}-\d\d-\d\d\/P\d+D$/.test(interval) ? Date.parse(interval.slice(0, 10)) : Number.NaN;
}
