import { createHash } from "node:crypto";

/** A key as one of Datadog's answers shows it. What is absent was not told, which says nothing about what is true. */
export interface KeyRecord {
  /** v2's UUID, or v1's {@link fingerprint}: never a secret. */
  readonly id: string;
  /** v2's UUID, where it is known of a key that v1 showed. */
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

/** A key that Datadog has found in public. */
export interface Leak {
  readonly id: string;
  readonly name: string;
  /** Such as the address of a repository. */
  readonly source?: string;
  /** RFC 3339. */
  readonly date?: string;
}

/** What a key is made with. */
export interface NewKey {
  readonly name: string;
  /** Empty: all that its owner may do. v1 knows none. */
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

/** How the outputs name a user: by e-mail, else by handle. */
export function nameOf(user: User): string | undefined {
  return user.email ?? user.handle;
}

/** Whether it is this user that Datadog names as an owner. */
export function isNamed({ email, handle }: User, owner: string): boolean {
  return owner === email || owner === handle;
}

/** An id for a key that has none: v1 knows keys by their secret alone, and ids are shown everywhere. */
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

/** Whether a text may be an application key: 40 characters, of newer ones the first are `ddapp_`. */
export function looksLikeKey(text: string): boolean {
  return /^\w{40}$/.test(text);
}

/** How a key is named in messages. */
export function quoted(name: string): string {
  return `application key ${shown(name)}`;
}

/** How a key is named that may get another name. */
export function renamed(name: string, newName: string | undefined): string {
  return newName === undefined || newName === name ? quoted(name) : `${quoted(name)} to ${shown(newName)}`;
}

/**
 * Text of somebody else's, fit for a message: quoted, bounded, and without characters that a terminal obeys. JSON escapes
 * some of those, and leaves the C1 controls and the marks that turn text around.
 */
export function shown(text: string): string {
  return literal(text.length > 100 ? `${text.slice(0, 100)}…` : text);
}

/** The same text whole, as JSON and TypeScript write it. */
export function literal(text: string): string {
  return JSON.stringify(text).replace(
    /[\u007f-\u009f\u2028-\u202e\u2066-\u2069]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
}
