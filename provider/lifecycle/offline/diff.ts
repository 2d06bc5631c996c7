import type { DiffResult } from "@pulumi/pulumi/dynamic";
import { rotationKeeper } from "../../rotation-period";
import { type KeyInputs, type KeyState, isUnknown, sameScopes } from "../model/properties";

/** What a program asks for against what the state holds. Pure: no request is made. */
export function diffKey(olds: Stored<KeyState>, news: Stored<KeyInputs>): DiffResult {
  const changed = Object.entries(effects).filter(([, { differs }]) => differs(olds, news));
  const replaces = changed.flatMap(([property, { another }]) => (another ? [property] : []));
  // The resource stayed in the state only because of keys that it still has to revoke.
  if (olds.__gone) replaces.push("hash");
  const changes =
    changed.length > 0 ||
    replaces.length > 0 ||
    // Keys that were replaced and are not revoked yet: the update tries again.
    (olds.superseded ?? []).length > 0 ||
    // The package is found in another way than when the key was made: read and delete load it from the outputs.
    (olds.__provider !== undefined && news.__provider !== undefined && olds.__provider !== news.__provider);
  return { changes, replaces };
}

/** What the engine stores has the provider's text with it. */
type Stored<T> = T & { readonly __provider?: string };

/** What a change of an argument does. */
interface Effect {
  /** It means another key; else the key is changed in place. */
  readonly another: boolean;
  /** Whether it is one. What is known only after apply counts as changed. */
  readonly differs: (olds: KeyState, news: KeyInputs) => boolean;
}

const inPlace = (differs: Effect["differs"]): Effect => ({ another: false, differs });
const anotherKey = (differs: Effect["differs"]): Effect => ({ another: true, differs });

const effects: Readonly<Record<keyof KeyInputs, Effect>> = {
  name: inPlace((olds, news) => news.name !== olds.name),
  site: anotherKey((olds, news) => news.site !== olds.site),
  // Where the program leaves the choice to us, whichever version made the key is right.
  apiVersion: anotherKey((olds, news) => news.apiVersion !== undefined && news.apiVersion !== olds.apiVersion),
  scopes: inPlace((olds, news) => isUnknown(news.scopes) || !sameScopes(news.scopes, olds.scopes)),
  serviceAccountId: anotherKey(
    (olds, news) => news.serviceAccountId?.toLowerCase() !== olds.serviceAccountId?.toLowerCase(),
  ),
  keepers: anotherKey((olds, news) => isUnknown(news.keepers) || !sameKeepers(olds.keepers ?? {}, news.keepers ?? {})),
  keepPrevious: inPlace((olds, news) => (news.keepPrevious ?? false) !== (olds.keepPrevious ?? false)),
  actionsApi: inPlace((olds, news) => (news.actionsApi ?? false) !== (olds.actionsApi ?? false)),
  // It says how a key is made, and means nothing once one is there.
  adopt: inPlace(() => false),
  connection: anotherKey((olds, news) => news.connection !== olds.connection),
};

function sameRecord(some: Readonly<Record<string, string>>, others: Readonly<Record<string, string>>): boolean {
  const names = Object.keys(some);
  return names.length === Object.keys(others).length && names.every((name) => some[name] === others[name]);
}

/** A rotation period that began no later than the one the key was made in asks for no new key: see rotation-period.ts. */
function sameKeepers(olds: Readonly<Record<string, string>>, news: Readonly<Record<string, string>>): boolean {
  const made = olds[rotationKeeper];
  const youngEnough = firstDay(news[rotationKeeper]) <= firstDay(made);
  return sameRecord(olds, made !== undefined && youngEnough ? { ...news, [rotationKeeper]: made } : news);
}

/** The day, in milliseconds; NaN, which is never less or equal, for a keeper that only has the same name. */
function firstDay(interval = ""): number {
  return /^\d{4}-\d\d-\d\d\/P\d+D$/.test(interval) ? Date.parse(interval.slice(0, 10)) : Number.NaN;
}
