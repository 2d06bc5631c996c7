import { type DatadogError, sentence } from "../../datadog/errors";
import { type KeyRecord, type Leak, type User, nameOf, quoted, shown } from "../../datadog/keys";
import type { KeyState } from "./state";
import { resourceName } from "./resource";
import type { Role, StoredKey } from "./stored-key";

/** A failure of more than one request. It says what is known, and what the user can do about it. */
export class LifecycleError extends Error {
  override name = "LifecycleError";
}

/** Both versions of the API refused. The last refusal comes first, because it names the operation. */
export class BothRefusedError extends LifecycleError {
  override name = "BothRefusedError";
  constructor(
    readonly v1: DatadogError,
    readonly v2: DatadogError,
  ) {
    super(`${v2.message}\nRefused before that: ${v1.brief}`, { cause: v2 });
  }
}

/** Surprises people who changed their credentials. */
export const lastConfiguration =
  "`pulumi refresh` and `pulumi destroy` use the configuration of the last `pulumi up`. If it has changed since, " +
  "add --run-program, or run `pulumi up` first.";

/** The key lives in one organisation, and the credentials belong to another. */
export function wrongOrganisation(name: string, site: string, home: string, caller: User): LifecycleError {
  const organisation = [caller.orgName && shown(caller.orgName), caller.orgId].filter(Boolean).join(" ");
  return new LifecycleError(
    `${quoted(name)} on ${site} lives in the organisation ${home}, but the credentials belong to the organisation ` +
      `${organisation} (user ${shown(nameOf(caller) ?? caller.id)}). The key was not changed. ` +
      "Set credentials of the key's own organisation, or change the resource's `connection` or `site` to move it. " +
      lastConfiguration,
  );
}

/** The engine does not say which key `replaceWith` and `replacementTrigger` replace, and so not where it lives. */
export function credentialsChanged(name: string, site: string): LifecycleError {
  return new LifecycleError(
    `Cannot tell whether the credentials belong to the organisation of ${quoted(name)} on ${site}. They have changed since ` +
      "the last `pulumi up`, and the engine does not say which key replaceWith or replacementTrigger replaces. " +
      "Run `pulumi up --refresh`, which reads the key first.",
  );
}

/** Datadog does not say which organisation the credentials belong to. */
export function organisationUnknown(name: string, site: string, home: string): LifecycleError {
  return new LifecycleError(
    `Cannot tell whether the credentials belong to the organisation ${home} of ${quoted(name)} on ${site}. The answer ` +
      "about the current user names no organisation. Check the site, datadog:apiUrl and any proxy in between.",
  );
}

/** A key of that name exists, and the program does not say what to do with it. */
export function keyExists(name: string, site: string, key: KeyRecord): LifecycleError {
  return new LifecycleError(
    `${quoted(name)} exists already on ${site} (${idOf(key)}). ` +
      "If you used `pulumi up --replace` or `pulumi state taint` to rotate it, change `keepers` instead, and undo a taint with " +
      "`pulumi state untaint`. Otherwise set `adopt: true` to take it over (in One-Time Read mode `adopt: { secret }`), or " +
      '`adopt: "replace"` to create a new key and revoke this one, or choose another name.',
  );
}

/** A replacement by `--replace` or a taint adopted the same key again. */
export function nothingRotated({ id, state }: StoredKey): LifecycleError {
  // A state of 0.2.0 and before does not say which resource had the key.
  const moved =
    state.__resource === undefined
      ? " If you moved the key from one resource to another, nothing is wrong. Run `pulumi up` again."
      : "";
  return new LifecycleError(
    `${quoted(state.name)} (${id}) on ${state.site} is still valid and nothing was rotated, because with \`adopt\` the ` +
      `replacement took the same key over again. Change \`keepers\` to rotate it.${moved}`,
  );
}

export function revokesItself({ id, state }: StoredKey, setting: string): LifecycleError {
  return new LifecycleError(
    `${quoted(state.name)} (${id}) on ${state.site} was not revoked, because it is the credential in ${setting} ` +
      `and later requests need it. Set ${setting} to another key (after a rotation, to the new key's output \`hash\`), and ` +
      "run `pulumi up` again, or `pulumi destroy --run-program`.",
  );
}

/** What a preview says before that. */
export function willRevokeItself(name: string, setting: string): string {
  return (
    `${quoted(name)} is the credential in ${setting}, and this change replaces it. \`pulumi up\` creates the new key and ` +
    `ends with an error, because the old key cannot revoke itself. After that, set ${setting} to the new key and run ` +
    "`pulumi up` again, which revokes the old one"
  );
}

/** The user ended a wait before the key was created. */
export function createInterrupted(name: string, site: string, cause: unknown): LifecycleError {
  return new LifecycleError(
    `${quoted(name)} was not created on ${site}, because the wait was interrupted. Run \`pulumi up\` again.`,
    { cause },
  );
}

/**
 * Datadog refuses a name that none of the caller's keys has.
 * @param hint how to find out more
 */
export function nameTaken(
  name: string,
  site: string,
  { whose, hint }: { readonly whose: string; readonly hint?: string },
  conflict: DatadogError,
): LifecycleError {
  return new LifecycleError(
    `${conflict.status} creating ${quoted(name)} on ${site}: ${sentence(conflict.words)} ${whose} ` +
      "If it was renamed or revoked just now, run `pulumi up --refresh` in half a minute. Otherwise choose another name, or have " +
      `that key renamed or revoked.${hint === undefined ? "" : ` ${hint}`}`,
    { cause: conflict },
  );
}

export function nameNotFreed(
  name: string,
  site: string,
  fate: "kept" | "replaced" | undefined,
  conflict: DatadogError,
  why: unknown,
): LifecycleError {
  const failed = fate === "replaced" ? `replace ${quoted(name)}` : `free the name of ${quoted(name)}`;
  return new LifecycleError(
    `Could not ${failed} on ${site}. Names are unique there (${conflict.status} ${conflict.words}), and ` +
      `renaming the current holder failed: ${messageOf(why)}`,
    { cause: why },
  );
}

/** The key to adopt no longer has its name. */
export function adoptedNameTaken(key: KeyRecord, site: string, conflict: DatadogError): LifecycleError {
  return new LifecycleError(
    `${quoted(key.name)} (${key.id}) on ${site} was not adopted. Datadog refused its name (${conflict.status} ` +
      `${conflict.words}), so it was renamed or another key has the name too. Run \`pulumi up\` again in half a minute.`,
    { cause: conflict },
  );
}

/** A key that v1 shows may have scopes, which only v2 shows. */
export function scopesUnknown(name: string, site: string, cause: DatadogError): LifecycleError {
  return new LifecycleError(
    `${quoted(name)} on ${site} was not adopted. v1 does not show whether it has scopes, and v2 refused: ${cause.brief} ` +
      "Give the user of the application key the permission user_app_keys.",
    { cause },
  );
}

export function keyOfAnotherResource({ id, state }: StoredKey, one: string, other: string): LifecycleError {
  return new LifecycleError(
    `${quoted(state.name)} (${id}) on ${state.site} belongs to ${resourceName(other)}, and ${resourceName(one)} has it too. ` +
      "Give each ApplicationKey its own name. If both are in the state, first remove one with `pulumi state delete`, which " +
      "revokes nothing.",
  );
}

export function severalKeys(name: string, site: string, keys: readonly KeyRecord[]): LifecycleError {
  return new LifecycleError(
    `${keys.length} keys named ${shown(name)} exist on ${site} (${listed(keys)}), and nothing tells which one you mean. ` +
      "Revoke or rename all but one of them in Datadog, or choose another name.",
  );
}

/** A key cannot be adopted, because its secret is not known. */
export function secretLost(key: KeyRecord, site: string): LifecycleError {
  return new LifecycleError(
    `${quoted(key.name)} exists on ${site} (${idOf(key)}), but Datadog no longer shows its secret (One-Time Read mode). ` +
      'Give it as `adopt: { secret }`, or set `adopt: "replace"` to create a new key and revoke this one. ' +
      "If it moves from another resource of this stack, run `pulumi up --refresh` instead.",
  );
}

/** The program gives a secret that belongs to none of the keys. */
export function secretOfNoKey(name: string, site: string): LifecycleError {
  return new LifecycleError(
    `None of your keys named ${shown(name)} on ${site} ends with the last four characters of \`adopt.secret\`. ` +
      "Correct the secret or the name, or remove `adopt` to create a new key. " +
      "If the key was created or renamed just now, run `pulumi up` again in half a minute.",
  );
}

/** v1's list names owners by e-mail or handle, and Datadog shows neither for the caller. */
export function callerUnnamed(site: string): LifecycleError {
  return new LifecycleError(
    `Cannot tell which application keys on ${site} are yours. Datadog shows neither the e-mail nor the handle of the ` +
      'current user. Set `apiVersion: "v2"`, whose list shows only your own keys.',
  );
}

export function nameWantedTwice(name: string, site: string, one: string, other: string): string {
  const [first, second] = [resourceName(one), resourceName(other)];
  const both = first === second ? "Two ApplicationKeys" : `${first} and ${second} both`;
  return `${both} want the name ${shown(name)} on ${site}. Give each ApplicationKey its own name.`;
}

/** A new resource adopts the key of a name that this resource gives up. */
export function adoptedByAnother(name: string, site: string, one: string, other: string): string {
  return (
    `${resourceName(one)} gives up the name ${shown(name)} on ${site}, and the new ${resourceName(other)} adopts a key of ` +
    "that name, which may be this one. Remove `adopt` there, or first rename this key in a separate `pulumi up`."
  );
}

export function maybeLeftBehind(name: string, site: string, why: string, cause: unknown): LifecycleError {
  return new LifecycleError(
    `${quoted(name)} may have been created on ${site}, but no answer came: ${why} ` +
      'If the key is there, take it over with `adopt: true` (in One-Time Read mode `adopt: "replace"`), or revoke it in ' +
      "Datadog. Then run `pulumi up` again. Nothing more was sent, to avoid a second key.",
    { cause },
  );
}

/** Datadog does not show a key, and does not let the caller see whether another user has it. */
export function cannotTell(state: KeyState, id: string, why: string, cause?: unknown): LifecycleError {
  // `ApplicationKey.get` knows only the id.
  if (state.name === "")
    return new LifecycleError(
      `Cannot tell whether an application key with the id ${shown(id)} exists on ${state.site}. ${why} Check the id, ` +
        "site, connection and serviceAccountId. If they are right, use the credentials of its owner, or of a user with the " +
        "permission org_app_keys_read.",
      { cause },
    );
  // A service account that is gone has no credentials that could be used.
  if (state.serviceAccountId !== undefined)
    return new LifecycleError(
      `Cannot tell whether ${quoted(state.name)} (${id}) still exists on ${state.site}. ${why} Use the credentials of a ` +
        "user with the permission service_account_write or org_app_keys_read. If the service account " +
        `(${shown(state.serviceAccountId)}) is gone, Datadog has revoked its keys, so remove this one from the state with ` +
        "`pulumi state delete`.",
      { cause },
    );
  return new LifecycleError(
    `Cannot tell whether ${quoted(state.name)} (${id}) still exists on ${state.site}. ${why} ` +
      `Use the credentials of its owner${state.owner ? ` (${shown(state.owner)})` : ""}, or of a user with the permission ` +
      "org_app_keys_read. If you know that it is gone, remove it from the state with `pulumi state delete`.",
    { cause },
  );
}

/** Does not quote the id, because it may be a secret. */
export function idIsSecret(site: string): LifecycleError {
  return new LifecycleError(
    `The id given to \`ApplicationKey.get\` on ${site} looks like the key itself, so nothing was sent. ` +
      "Give the key's id: the UUID that Datadog shows beside it, or the resource's own id, which begins with `v1-`. " +
      "If the key itself is in the program's code, revoke it.",
  );
}

export function noSuchKey(id: string, site: string): LifecycleError {
  return new LifecycleError(
    `No application key with the id ${shown(id)} exists on ${site}. ` +
      "Check the id, site, connection and serviceAccountId.",
  );
}

export function keyIsGone(state: KeyState, id: string): LifecycleError {
  return new LifecycleError(
    `${quoted(state.name)} (${id}) no longer exists on ${state.site}. ` +
      "Run `pulumi refresh`, and the next `pulumi up` creates a new one.",
  );
}

/**
 * A key is in the state, and some of the work on it is not done. The engine keeps the resource, and the next `pulumi up`
 * continues with it.
 */
export class Unfinished extends Error {
  override name = "Unfinished";
  /** What the engine shows. */
  readonly reasons: readonly string[];
  constructor(
    readonly id: string,
    /** What the state must hold. */
    readonly properties: object,
    reason: string,
    options?: ErrorOptions,
  ) {
    super(reason, options);
    this.reasons = [reason];
  }
}

export function scopesNotChanged({ id, state }: StoredKey, why: string): string {
  return (
    `${quoted(state.name)} (${id}) on ${state.site} is in the state, but its scopes were not changed: ${why} ` +
    "The next `pulumi up` tries again."
  );
}

/** Tells the user that a key that moved to another resource lost the secret of its previous key. */
export function previousSecretLost({ id, name }: KeyRecord): string {
  return (
    `${quoted(name)} (${id}) stays valid as the previous key, but \`previousHash\` is not set, because Datadog no longer ` +
    "shows its secret (One-Time Read mode). To move a key together with it, run `pulumi up --refresh` with the configuration " +
    "of the last `pulumi up`"
  );
}

export function previousKeepsName({ id, state }: StoredKey, refusal: DatadogError): string {
  return (
    `${quoted(state.name)} (${id}) stays valid as the previous key and keeps this name, because Datadog refused another one: ` +
    `${refusal.brief} Rename it in Datadog before another resource gets its name without the suffix`
  );
}

export function severalPrevious(name: string, site: string, keys: readonly KeyRecord[]): LifecycleError {
  return new LifecycleError(
    `${keys.length} keys on ${site} may be the previous key of ${quoted(name)} (${listed(keys)}). Run \`pulumi up --refresh\`, ` +
      "which reads the keys of the state first. If that does not help, rename or revoke all but one of them in Datadog.",
  );
}

/** Tells the user that a refresh did not find a resource's key, but its previous one. */
export function previousTakesOver({ id, state }: StoredKey, previous: StoredKey): string {
  return (
    `${quoted(state.name)} (${id}) is gone. Its resource has its previous key (${previous.id}) again, and the next ` +
    "`pulumi up` replaces that one"
  );
}

/** The request that names a previous key after its successor failed. */
export function previousNotRenamed({ id, state }: StoredKey, why: string): string {
  return (
    `${quoted(state.name)} (${id}) on ${state.site} is in the state, but its previous key was not renamed: ${why} ` +
    "Run `pulumi up` without --refresh to try again."
  );
}

/** The engine does not say which key a resource has, so that key cannot be kept. */
export function previousUnknown(name: string): string {
  return (
    `${quoted(name)} is replaced because of replaceWith or replacementTrigger, and the engine does not say which key it has ` +
    "now. That key is revoked at the end of this run despite `keepPrevious`. To keep two keys, rotate with `keepers`"
  );
}

/** What a request whose answer was lost may have done, for {@link twinMayExist}. */
export function twinsFound(twins: readonly KeyRecord[]): string {
  return `may have created another one: ${twins.map((key) => key.id).join(", ")}. If nobody else created it, revoke it in Datadog.`;
}

/** The search for what {@link twinsFound} names failed. */
export function twinsUnknown(why: string): string {
  return `may have created another one, and the search for it failed: ${why} If Datadog shows one that nobody else created, revoke it.`;
}

export function actionsApiNotChanged({ id, state }: StoredKey, wanted: boolean, why: string): string {
  const done = wanted ? "it is not registered for" : "it still has";
  return (
    `${quoted(state.name)} (${id}) on ${state.site} is in the state, but ${done} Actions API access: ${why} ` +
    "The next `pulumi up` tries again."
  );
}

export function leaked({ id, name, source, date }: Leak, { isPrevious, keepPrevious }: Role): string {
  const where = [source && shown(source), date && shown(date)].filter(Boolean).join(", ") || "it does not say where";
  const rotate = keepPrevious ? "Change `keepers` and remove `keepPrevious`" : "Change `keepers`";
  const next = isPrevious ? "Set `keepPrevious` to false to revoke this previous key" : `${rotate} to rotate it`;
  return `Datadog found ${quoted(name)} (${id}) in public: ${where}. Anyone who saw it can use it. ${next}, and run \`pulumi up\``;
}

/** A key was created, and an earlier request whose answer was lost may have created another one. */
export function twinMayExist({ id, state }: StoredKey, doubt: string): string {
  return (
    `${quoted(state.name)} (${id}) was created on ${state.site}, but an earlier request for it was not answered and ` +
    doubt
  );
}

export function replacedIsLeft({ id, state }: StoredKey, why: string): string {
  return (
    `The replaced ${quoted(state.name)} (${id}) is still valid on ${state.site}: ${why} ` +
    "The next `pulumi up` tries again to revoke it."
  );
}

export function keptAsPrevious({ id, state }: StoredKey): string {
  return `${quoted(state.name)} (${id}) is not revoked, because \`keepPrevious\` keeps it valid until the next rotation`;
}

/** Tells the user that a deleted resource leaves its key to another resource. */
export function keptByAnother({ id, state }: StoredKey, other: string): string {
  // A resource that got another name by an alias is told as another one until its next update.
  return (
    `${quoted(state.name)} (${id}) is not revoked, because ${resourceName(other)} has it now. ` +
    "If you used `pulumi up --replace` or `pulumi state taint` to rotate it, change `keepers` instead"
  );
}

/** Tells the user that a key is gone and its resource still has others to revoke. */
export function goneWithMoreToRevoke({ id, state }: StoredKey): string {
  return (
    `${quoted(state.name)} (${id}) is gone. Its resource stays in the state until the keys that it replaced are revoked. ` +
    "Run `pulumi up` to revoke them, then `pulumi refresh`"
  );
}

export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

function idOf(key: KeyRecord): string {
  return [`id ${key.id}`, key.owner && `owner ${shown(key.owner)}`, key.createdAt && `made ${shown(key.createdAt)}`]
    .filter(Boolean)
    .join(", ");
}

/** Lists only the first few, because there may be hundreds. */
function listed(keys: readonly KeyRecord[]): string {
  const some = keys.slice(0, 5).map(idOf);
  return [...some, ...(keys.length > some.length ? ["…"] : [])].join("; ");
}
