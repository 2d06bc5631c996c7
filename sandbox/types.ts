import type { Fault, FaultEffect, FaultKind, RecordedFault } from "./faults/types";

/** What a user may do; the names are Datadog's own permissions. */
export type Permission =
  | "user_app_keys"
  | "org_app_keys_read"
  | "org_app_keys_write"
  | "service_account_write"
  | "user_access_read"
  | "user_access_manage";

/** Within what a key's name may not occur twice; false: it may. */
export type UniqueNames = "organisation" | "owner" | false;

/** A person or a service account of the sandbox's organisation. */
export interface SandboxUser {
  id: string;
  handle: string;
  email: string;
  name: string;
  /** What this user signs requests with: a credential only, which no list of keys shows. */
  appKey: string;
  /**
   * `ddpat_…`, of a service account `ddsat_…`: in the application key's header, or as a bearer token without an API key,
   * it allows all that the user may do, except to create and to change application keys.
   */
  accessToken: string;
  permissions: Permission[];
  serviceAccount: boolean;
  /** Deleted by request: its keys are revoked, and its credentials sign nothing. */
  disabled: boolean;
  createdAt: string;
}

/** Whatever is left out is made up; without `permissions` the user has `user_app_keys` alone. */
export type NewUser = Partial<SandboxUser>;

/** An application key, with all that Datadog knows of it. */
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
  /** When it last signed a request; null: never. */
  lastUsedAt: string | null;
  /** Where Datadog has found it in public; null: nowhere. */
  leak: KeyLeak | null;
}

/** What `sandbox.keys()` tells of a key beside what reads show. */
export interface KnownKey extends SandboxKey {
  /** Whether it is registered for Actions API access. */
  actionsApi: boolean;
}

export interface KeyLeak {
  id: string;
  /** When it was found. */
  date: string;
  /** Such as the address of a public repository; null: Datadog does not tell. */
  source: string | null;
}

/** A key to add. */
export interface NewKey {
  name: string;
  /** A user's id, handle, or what the handle has before its @. @default whose credentials the sandbox gives out */
  owner?: string;
  id?: string;
  key?: string;
  scopes?: string[] | null;
  createdAt?: string;
}

/** A request as it was received. It never holds a key. */
export interface RecordedRequest {
  method: string;
  /** Its template, such as `/api/v2/application_keys/{id}`, or `(unknown)`. */
  route: string;
  /** Path and query as sent, with keys masked. */
  path: string;
  /** Absent as long as there is no answer. */
  status?: number;
  /** From arrival to answer. */
  ms?: number;
  /** `performance.now()` at arrival. */
  at: number;
  fault?: FaultKind;
}

/** Each field that is given must match. */
export interface RequestFilter {
  method?: string;
  /** A template, or any part of a masked path. */
  route?: string;
  status?: number;
}

export interface SandboxOptions {
  /** Port on the loopback address. @default 0, any free one */
  port?: number;
  /** A key's secret is shown at its creation only, and v1 is disabled. @default false */
  oneTimeRead?: boolean;
  /** A Government site: v1 is disabled. @default false */
  government?: boolean;
  /** What a disabled v1 answers: Datadog does not say. @default 403 */
  v1DisabledStatus?: V1DisabledStatus;
  /**
   * 409 for a second key of one name in the organisation, or of one name and owner; false: as many as you like. Datadog
   * does not say; users report the first.
   * @default "organisation"
   */
  uniqueNames?: UniqueNames;
  /**
   * How many keys a request may have a user or a service account own; the next create is refused. Datadog's lists tell a
   * limit of 1000. @default none is kept
   */
  maxKeysPerUser?: number;
  /**
   * Lists and gets of keys show the truth of so many milliseconds ago. Writes act on the truth and answer with it, and a new
   * key signs requests at once.
   * @default 0
   */
  readLagMs?: number;
  /** Milliseconds of the clock that times, the read lag and rate limits go by. @default `performance.now()` */
  now?: () => number;
  /**
   * Whose credentials the sandbox gives out: a user's handle, what that has before its @, or an id. "user" has
   * `user_app_keys` and nothing else, "admin" every permission, and "colleague" is another ordinary user.
   * @default "user"
   */
  user?: string;
  /**
   * The organisation's UUID. A sandbox is one organisation: start two for two, which have the same people (by e-mail), with
   * ids, credentials and keys of their own. @default a new one
   */
  orgId?: string;
  /** Passes before each request is handled. @default 0 */
  latencyMs?: number;
  /** Requests that a fixed window allows, for each limit name. @default none */
  rateLimit?: RateLimit;
  /** Users and service accounts beside those who are always there. */
  users?: readonly NewUser[];
  /** Keys that are there from the start. */
  keys?: readonly NewKey[];
  /** A file that keeps users and keys between runs. @default none */
  dataFile?: string;
  /** Takes one line a request. @default none */
  log?: (line: string) => void;
}

export type V1DisabledStatus = 403 | 404 | 410;

export interface RateLimit {
  requests: number;
  seconds: number;
}

export interface RandomFaultOptions {
  seed: number;
  /** Of a request to meet a fault, from 0 to 1. */
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
  /** That of the user whom the option `user` names, by default an ordinary one. */
  readonly appKey: string;
  /** Service accounts among them; first the ordinary user, the administrator and the colleague who are always there. */
  readonly users: readonly SandboxUser[];
  /**
   * A user by handle, by what that has before its @, or by id.
   * @throws Error where there is none
   */
  user(name: string): SandboxUser;
  requests(filter?: RequestFilter): RecordedRequest[];
  /** The truth, without the users' own credentials. */
  keys(): KnownKey[];
  /** The secrets of these keys and of revoked ones. */
  everyKeyEverMade(): string[];
  /** @returns what takes the fault away again */
  fail(fault: Fault): () => void;
  /** The same faults for the same seed and order of requests. @returns what ends it */
  failAtRandom(options: RandomFaultOptions): () => void;
  faultsInjected(): RecordedFault[];
  setOneTimeRead(on: boolean): void;
  /** From now on reads are late by so many milliseconds, also for what was done before. */
  setReadLag(ms: number): void;
  /** As by a person in Datadog's web page. */
  rename(id: string, name: string): void;
  revoke(id: string): void;
  add(key: NewKey): KnownKey;
  /**
   * Marks a key as found in public, as Datadog does.
   * @param found `source` is by default an address of GitHub's, null for none; `date` by default the present
   */
  leak(id: string, found?: Partial<Omit<KeyLeak, "id">>): void;
  /** A real "connection refused". @returns what listens again */
  goOffline(): Promise<() => Promise<void>>;
  close(): Promise<void>;
}
