import { createHash } from "node:crypto";

/** A key as one of Datadog's answers shows it. A missing field proves nothing, because answers leave fields out. */
export interface KeyRecord {
  /** v2's UUID, or v1's {@link fingerprint}: never a secret. */
  readonly id: string;
  /** The UUID in v2, if it is known for a key that v1 showed. */
  readonly keyId?: string;
  readonly name: string;
  /** The key itself. v2 lists and One-Time Read mode leave it out. */
  readonly key?: string;
  readonly last4?: string;
  /** E-mail or handle of the owner. */
  readonly owner?: string;
  /** UUID of the owner. */
  readonly ownerId?: string;
  /** RFC 3339. */
  readonly createdAt?: string;
  /** Empty: the key has all its owner's permissions. */
  readonly scopes?: readonly string[];
}

/** Where Datadog found a key in public. */
export interface Leak {
  readonly id: string;
  readonly name: string;
  /** Such as the address of a repository. */
  readonly source?: string;
  /** RFC 3339. */
  readonly date?: string;
}

/** The arguments of a create. */
export interface NewKey {
  readonly name: string;
  /** Empty means all permissions of the owner. v1 has no scopes. */
  readonly scopes: readonly string[];
}

/** A user or service account of Datadog's. */
export interface User {
  readonly id: string;
  readonly email?: string;
  readonly handle?: string;
  /** UUID of the organisation. The same person, with the same e-mail, may be a user of several. */
  readonly orgId?: string;
  readonly orgName?: string;
}

/** The name of a user in the outputs: the e-mail, or the handle if there is none. */
export function nameOf(user: User): string | undefined {
  return user.email ?? user.handle;
}

/** Whether Datadog's name for an owner means this user. */
export function isNamed({ email, handle }: User, owner: string): boolean {
  return owner === email || owner === handle;
}

/** An id for a v1 key. v1 identifies keys only by their secret, and ids are shown everywhere. */
export function fingerprint(key: string): string {
  return `v1-${createHash("sha256").update(key).digest("hex").slice(0, 20)}`;
}

/** Whether an id was made by {@link fingerprint}. */
export function isFingerprint(id: string): boolean {
  return id.startsWith("v1-");
}

/** The part of a key that Datadog shows everywhere. */
export function last4Of(key: string): string {
  return key.slice(-4);
}

/** Whether a text may be an application key: 40 characters. Newer keys begin with `ddapp_`. */
export function looksLikeKey(text: string): boolean {
  return /^\w{40}$/.test(text);
}

/** The name of a key in messages. */
export function quoted(name: string): string {
  return `application key ${shown(name)}`;
}

/** The same for a key that is being renamed. */
export function renamed(name: string, newName: string | undefined): string {
  return newName === undefined || newName === name ? quoted(name) : `${quoted(name)} to ${shown(newName)}`;
}

/**
 * External text made safe for a message: quoted, shortened, and without terminal control characters. JSON escapes some
 * of those, but not the C1 controls and the marks that reverse text.
 */
export function shown(text: string): string {
  return literal(text.length > 100 ? `${text.slice(0, 100)}…` : text);
}

/** The same text in full, as JSON and TypeScript write it. */
export function literal(text: string): string {
  return JSON.stringify(text).replace(
    /[\u007f-\u009f\u2028-\u202e\u2066-\u2069]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
}
