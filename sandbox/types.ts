import type { Fault, FaultEffect, FaultKind, RecordedFault } from "./faults/types";

/** What a user may do. The names are Datadog's own permissions. */
export type Permission =
  | "user_app_keys"
  | "org_app_keys_read"
  | "org_app_keys_write"
  | "service_account_write"
  | "user_access_read"
  | "user_access_manage";

/** The scope in which key names are unique. False means nowhere. */
export type UniqueNames = "organisation" | "owner" | false;

/** A person or a service account of the sandbox's organisation. */
export interface SandboxUser {
  id: string;
  handle: string;
  email: string;
  name: string;
  /** The key that signs this user's requests. It is only a credential, and no list of keys shows it. */
  appKey: string;
  /**
   * An access token: `ddpat_…`, or `ddsat_…` for a service account. It works in the application key's header, or as a
   * bearer token without an API key. It allows everything that the user may do, except creating and changing
   * application keys.
   */
  accessToken: string;
  permissions: Permission[];
  serviceAccount: boolean;
  /** The user was deleted by a request. Its keys are revoked, and its credentials no longer work. */
  disabled: boolean;
  createdAt: string;
}

/** Missing fields are filled in. Without `permissions` the user has only `user_app_keys`. */
export type NewUser = Partial<SandboxUser>;

/** An application key, with everything that Datadog knows about it. */
export interface SandboxKey {
  id: string;
  /** The secret: 40 characters. */
  key: string;
  name: string;
  /** The owner's handle, as v1 shows it. */
  owner: string;
  ownerId: string;
  scopes: string[] | null;
  createdAt: string;
  last4: string;
  /** When it last signed a request, or null if never. */
  lastUsedAt: string | null;
  /** Where Datadog has found it in public, or null. */
  leak: KeyLeak | null;
}

/** A key as `sandbox.keys()` returns it, with more than reads show. */
export interface KnownKey extends SandboxKey {
  /** Whether it is registered for Actions API access. */
  actionsApi: boolean;
}

export interface KeyLeak {
  id: string;
  /** When it was found. */
  date: string;
  /** Such as the address of a public repository. Null if Datadog does not say. */
  source: string | null;
}

/** A key to add. */
export interface NewKey {
  name: string;
  /**
   * The owner's id, handle, or the part of the handle before its @.
   * @default the user whose credentials the sandbox returns
   */
  owner?: string;
  id?: string;
  key?: string;
  scopes?: string[] | null;
  createdAt?: string;
}

/** A request as it was received. Never contains a key. */
export interface RecordedRequest {
  method: string;
  /** Its template, such as `/api/v2/application_keys/{id}`, or `(unknown)`. */
  route: string;
  /** Path and query as sent, with keys masked. */
  path: string;
  /** Missing while there is no answer. */
  status?: number;
  /** From arrival to answer. */
  ms?: number;
  /** `performance.now()` at arrival. */
  at: number;
  fault?: FaultKind;
}

/** All given fields must match. */
export interface RequestFilter {
  method?: string;
  /** A template, or any part of a masked path. */
  route?: string;
  status?: number;
}

export interface SandboxOptions {
  /** Port on the loopback address. @default 0, any free one */
  port?: number;
  /** A key's secret is shown only at its creation, and v1 is disabled. @default false */
  oneTimeRead?: boolean;
  /** A Government site: v1 is disabled. @default false */
  government?: boolean;
  /** The answer of a disabled v1. Datadog does not document it. @default 403 */
  v1DisabledStatus?: V1DisabledStatus;
  /**
   * Where a second key with the same name gets 409: in the organisation, or for the same owner. With false, names may
   * repeat. Datadog does not document this. Users report the first.
   * @default "organisation"
   */
  uniqueNames?: UniqueNames;
  /**
   * How many keys a user or a service account may own. The next create is refused. Datadog's lists mention a limit of
   * 1000.
   * @default no limit
   */
  maxKeysPerUser?: number;
  /**
   * Lists and gets of keys are late by this many milliseconds. Writes act on the current state and answer with it, and
   * a new key signs requests at once.
   * @default 0
   */
  readLagMs?: number;
  /** The clock, in milliseconds, for times, the read lag and rate limits. @default `performance.now()` */
  now?: () => number;
  /**
   * The user whose credentials the sandbox returns: a handle, its part before the @, or an id. "user" has only
   * `user_app_keys`, "admin" has every permission, and "colleague" is another ordinary user.
   * @default "user"
   */
  user?: string;
  /**
   * The organisation's UUID. A sandbox is one organisation. Start two sandboxes for two organisations. They have the
   * same people (by e-mail), with their own ids, credentials and keys.
   * @default a new one
   */
  orgId?: string;
  /** Delay before each request is handled. @default 0 */
  latencyMs?: number;
  /** Requests allowed per fixed window, for each limit name. @default none */
  rateLimit?: RateLimit;
  /** Users and service accounts in addition to the default ones. */
  users?: readonly NewUser[];
  /** Initial keys. */
  keys?: readonly NewKey[];
  /** A file that keeps users and keys between runs. @default none */
  dataFile?: string;
  /** Receives one line per request. @default none */
  log?: (line: string) => void;
}

export type V1DisabledStatus = 403 | 404 | 410;

export interface RateLimit {
  requests: number;
  seconds: number;
}

export interface RandomFaultOptions {
  seed: number;
  /** Probability that a request meets a fault, from 0 to 1. */
  probability: number;
  /** @default {@link randomKinds} */
  kinds?: readonly (FaultKind | FaultEffect)[];
}

/** A running sandbox. */
export interface Sandbox {
  readonly url: string;
  /** The organisation's UUID, as `/api/v2/current_user` tells it. */
  readonly orgId: string;
  readonly apiKey: string;
  /** The application key of the user in the option `user`, by default an ordinary user. */
  readonly appKey: string;
  /** All users, including service accounts. The ordinary user, the administrator and the colleague come first. */
  readonly users: readonly SandboxUser[];
  /**
   * A user by handle, by the part of it before the @, or by id.
   * @throws Error if there is none
   */
  user(name: string): SandboxUser;
  requests(filter?: RequestFilter): RecordedRequest[];
  /** The current keys, without the users' own credentials. */
  keys(): KnownKey[];
  /** The secrets of these and of revoked keys. */
  everyKeyEverMade(): string[];
  /** @returns what takes the fault away again */
  fail(fault: Fault): () => void;
  /** The same faults for the same seed and order of requests. @returns what ends it */
  failAtRandom(options: RandomFaultOptions): () => void;
  faultsInjected(): RecordedFault[];
  setOneTimeRead(on: boolean): void;
  /** From now on, reads are late by this many milliseconds, also for earlier writes. */
  setReadLag(ms: number): void;
  /** Like a person in Datadog's web page. */
  rename(id: string, name: string): void;
  revoke(id: string): void;
  add(key: NewKey): KnownKey;
  /**
   * Marks a key as found in public, as Datadog does.
   * @param found `source` defaults to a GitHub address, and null means unknown. `date` defaults to now
   */
  leak(id: string, found?: Partial<Omit<KeyLeak, "id">>): void;
  /**
   * Makes connections fail with a real "connection refused".
   * @returns a function that listens again
   */
  goOffline(): Promise<() => Promise<void>>;
  close(): Promise<void>;
}
