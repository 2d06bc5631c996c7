import { type DatadogError, sentence } from "../../datadog/errors";
import { type KeyRecord, type Leak, quoted, shown } from "../../datadog/keys";
import type { KeyState, Superseded } from "./properties";
import type { Role, StoredKey } from "./stored-key";

/** A failure that is no single request's: what is known, and what the user can do about it. */
export class LifecycleError extends Error {
  override name = "LifecycleError";
}

/** Both versions of the API refused. */
export function bothRefused(v1: DatadogError, v2: DatadogError): LifecycleError {
  return new LifecycleError(
    `Datadog refuses through v1 and through v2.\n  v1: ${v1.message}\n  v2: ${v2.message}\n` +
      "The application key's user needs the permission user_app_keys.",
    { cause: v2 },
  );
}

/** A key of the name is there already, and the program does not say what to do with it. */
export function keyExists(name: string, site: string, existing: readonly KeyRecord[]): LifecycleError {
  const [key] = existing;
  if (!key || existing.length > 1) return severalKeys(name, site, existing);
  return new LifecycleError(
    `${quoted(name)} exists already on ${site} (${idOf(key)}). ` +
      'Set `adopt: true` to take it over, or `adopt: "replace"` to make a new one and revoke it; or choose another name. ' +
      "If it is this resource's own key and `pulumi up --replace` was to rotate it, change `keepers` instead.",
  );
}

/** The user ended the wait for something that a create has to know first. */
export function createInterrupted(name: string, site: string, cause: unknown): LifecycleError {
  return new LifecycleError(
    `${quoted(name)} was not made on ${site}: the wait for it was interrupted. Run \`pulumi up\` again.`,
    { cause },
  );
}

/** Datadog refuses a name that none of the caller's keys has. */
export function nameTaken(name: string, site: string, whose: string, conflict: DatadogError): LifecycleError {
  return new LifecycleError(
    `${conflict.status} creating ${quoted(name)} on ${site}: ${sentence(conflict.words)} ${whose} ` +
      "Choose another name, or have that key renamed or revoked.",
    { cause: conflict },
  );
}

/** The key that is to be replaced has the name, and keeps it. */
export function roomNotMade(name: string, site: string, conflict: DatadogError, why: unknown): LifecycleError {
  return new LifecycleError(
    `${quoted(name)} cannot be replaced on ${site}: Datadog allows the name once (${conflict.status} ${conflict.words}), ` +
      `and the key that has it could not be given another one: ${messageOf(why)} Nothing was changed.`,
    { cause: why },
  );
}

/** A key that v1 shows may have scopes, which only v2 tells. */
export function scopesUnknown(name: string, site: string, cause: DatadogError): LifecycleError {
  return new LifecycleError(
    `${quoted(name)} on ${site} was not taken over: v1 does not tell whether it has scopes, and v2 refuses: ${cause.message}`,
    { cause },
  );
}

/** A key is to be changed that another resource of the run has just taken over. */
export function takenOver({ id, state }: StoredKey): LifecycleError {
  return new LifecycleError(
    `${quoted(state.name)} (${id}) was taken over by another resource of this program in this very run. ` +
      "Give that one a name of its own, or take this one out of the program.",
  );
}

/** More keys of one name than can be told apart. */
export function severalKeys(name: string, site: string, keys: readonly KeyRecord[]): LifecycleError {
  return new LifecycleError(
    `${keys.length} keys named ${shown(name)} exist on ${site} (${listed(keys)}), and nothing says which one is meant. ` +
      "Revoke or rename all but one of them in Datadog, or choose another name.",
  );
}

/** A key could be adopted but for its secret. */
export function secretLost(key: KeyRecord, site: string): LifecycleError {
  return new LifecycleError(
    `${quoted(key.name)} exists on ${site} (${idOf(key)}), but Datadog no longer tells its secret (One-Time Read mode). ` +
      'Give it as `adopt: { secret }`, or set `adopt: "replace"` to make a new key and revoke this one.',
  );
}

/** The program has the secret of a key, and no key is there that it could be of. */
export function secretOfNoKey(name: string, site: string): LifecycleError {
  return new LifecycleError(
    `No ${quoted(name)} on ${site} is one whose secret \`adopt\` gives: name, owner and the last four characters have to be ` +
      "those of one key. Correct the secret or the name; or leave `adopt` out to make a new key.",
  );
}

/** Keys that v1 lists tell their owner by e-mail or handle, and Datadog tells neither of the caller. */
export function callerUnnamed(site: string): LifecycleError {
  return new LifecycleError(
    `Cannot tell whose application key is whose on ${site}: Datadog names neither e-mail nor handle of the current user. ` +
      'Set `apiVersion: "v2"`, whose list shows the current user\'s own keys only.',
  );
}

/** Two resources of one program want one key. */
export function claimedTwice(name: string, site: string): LifecycleError {
  return new LifecycleError(
    `Another resource of this program has ${quoted(name)} on ${site}, or takes that name in this very run. ` +
      "Give each ApplicationKey a name of its own.",
  );
}

/** A create was not answered, and what became of it cannot be found out. */
export function maybeLeftBehind(name: string, site: string, why: string, cause: unknown): LifecycleError {
  return new LifecycleError(
    `${quoted(name)} may have been made on ${site}, but its answer never came: ${why} ` +
      "Nothing more was sent, so that no second key is made. If the key is there, take it over with `adopt: true` " +
      '(in One-Time Read mode `adopt: "replace"`), or revoke it in Datadog; then run `pulumi up` again.',
    { cause },
  );
}

/** Datadog neither shows a key nor lets us look whether somebody else has it. */
export function cannotTell(state: KeyState, id: string, why: string, cause?: unknown): LifecycleError {
  // Of a key that a program only reads nothing is known but its id.
  if (state.name === "")
    return new LifecycleError(
      `Cannot tell whether an application key with the id ${shown(id)} exists on ${state.site}: ${why} Check the id, ` +
        "and whether site, connection and serviceAccountId say where the key is; or use the credentials of its owner, or " +
        "of a user with the permission org_app_keys_read.",
      { cause },
    );
  return new LifecycleError(
    `Cannot tell whether ${quoted(state.name)} (${id}) still exists on ${state.site}: ${why} Nothing was changed. ` +
      `Use the credentials of its owner${state.owner ? ` (${shown(state.owner)})` : ""}, or of a user with the permission ` +
      "org_app_keys_read. If it is surely gone, take it out of the state with `pulumi state delete`.",
    { cause },
  );
}

/** A key that a program only reads is not there. */
export function noSuchKey(id: string, site: string): LifecycleError {
  return new LifecycleError(
    `No application key with the id ${shown(id)} exists on ${site}. ` +
      "Check the id, and whether site, connection and serviceAccountId say where the key is.",
  );
}

/** An update of a key that is no longer there. */
export function keyIsGone(state: KeyState, id: string): LifecycleError {
  return new LifecycleError(
    `${quoted(state.name)} (${id}) no longer exists on ${state.site}. ` +
      "Run `pulumi refresh`, and the next `pulumi up` makes a new one.",
  );
}

/** Work that was done in part: the engine keeps the resource, and the next `pulumi up` goes on with it. */
export class PartialError extends Error {
  override name = "PartialError";
  readonly reasons: string[];
  constructor(
    readonly id: string,
    /** What the state is to hold. */
    readonly properties: KeyState,
    reason: string,
  ) {
    super(reason);
    this.reasons = [reason];
  }
}

/** A key was taken over, and Datadog refused its new scopes. */
export function scopesNotChanged(key: StoredKey, why: string): PartialError {
  return new PartialError(key.id, key.state, `The key was adopted, but its scopes were not changed: ${why}`);
}

/** A key is replaced in a way that does not tell which one it is, so that it cannot be kept. */
export function previousUnknown(name: string): string {
  return (
    `${quoted(name)} is replaced by order (replacementTrigger, replaceWith), which does not tell which key it has now: that ` +
    "one is revoked at the end of this run in spite of keepPrevious. Change `keepers` to rotate with two keys"
  );
}

/** What may have become of a request whose answer was lost, for {@link secondMayExist}. */
export function madeAnother(twins: readonly KeyRecord[]): string {
  return `may have made another one: ${twins.map((key) => key.id).join(", ")}. If nobody else made it, revoke it in Datadog.`;
}

/** A key is there, and Datadog refused to register it for Actions API access, or to take that back. */
export function actionsApiNotChanged({ id, state }: StoredKey, wanted: boolean, why: string): PartialError {
  const done = wanted ? "it is not registered for" : "it still has";
  const reason = `The key is in the state (${id}), but ${done} Actions API access: ${why} The next \`pulumi up\` tries again.`;
  return new PartialError(id, state, reason);
}

/** Datadog has found a key in public. */
export function leaked({ id, name, source, date }: Leak, { isPrevious, keepPrevious }: Role): string {
  const where = [source && shown(source), date && shown(date)].filter(Boolean).join(", ") || "it does not say where";
  const revoke = keepPrevious ? "change `keepers` and leave keepPrevious out" : "change `keepers`";
  const next = isPrevious ? "it is kept as the previous key: set keepPrevious to false" : `rotate it: ${revoke}`;
  return `Datadog has found ${quoted(name)} (${id}) in public: ${where}. Whoever has seen it may use it; ${next}, and run \`pulumi up\``;
}

/** A key was made, and a request before it, whose answer was lost, may have made another one. */
export function secondMayExist({ id, state }: StoredKey, doubt: string): PartialError {
  const reason =
    `The key was made (${id}), but an earlier request for ${quoted(state.name)} on ${state.site}, ` +
    `whose answer was lost, ${doubt}`;
  return new PartialError(id, state, reason);
}

/** A key has its successor, and could not be revoked: the state names those that are left. */
export function replacedIsLeft({ id, state }: StoredKey, left: readonly Superseded[], why: string): PartialError {
  const reason =
    `The key that was replaced is still there (${left.map((old) => (typeof old === "string" ? old : old.id)).join(", ")}): ${why} ` +
    "The next `pulumi up` tries again to revoke it.";
  return new PartialError(id, { ...state, superseded: [...left] }, reason);
}

export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

function idOf(key: KeyRecord): string {
  return [`id ${key.id}`, key.owner && `owner ${shown(key.owner)}`, key.createdAt && `made ${shown(key.createdAt)}`]
    .filter(Boolean)
    .join(", ");
}

/** As many as help; there may be hundreds. */
function listed(keys: readonly KeyRecord[]): string {
  const some = keys.slice(0, 5).map(idOf);
  return [...some, ...(keys.length > some.length ? ["…"] : [])].join("; ");
}
