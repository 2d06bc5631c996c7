import type { Fault, FaultEffect, FaultKind, RecordedFault } from "./faults/types";

/** What a user may do; the names are Datadog's own permissions. */
export type Permission =
  "user_app_keys" | "org_app_keys_read" | "org_app_keys_write" | "service_account_write" | "user_access_read";

/** A person or a service account of the sandbox's organisation. */
export interface SandboxUser {
  id: string;
  handle: string;
  email: string;
  name: string;
  /** What this user signs requests with: a credential only, which no list of keys shows. */
  appKey: string;
  permissions: Permission[];
  serviceAccount: boolean;
  createdAt: string;
}

/** Whatever is left out is made up; without `permissions` the user has every one. */
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
}

/** A key to add. `owner` is a user's id or handle. @default the default user */
export interface NewKey {
  name: string;
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
  /** 409 for a second key of one name and owner. @default true */
  uniqueNames?: boolean;
  /** Passes before each request is handled. @default 0 */
  latencyMs?: number;
  /** Requests that a fixed window allows, for each limit name. @default none */
  rateLimit?: RateLimit;
  /** Users and service accounts beside the default user. */
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
  readonly apiKey: string;
  /** The default user's, who has every permission. */
  readonly appKey: string;
  /** Service accounts among them; the default user first. */
  readonly users: readonly SandboxUser[];
  requests(filter?: RequestFilter): RecordedRequest[];
  /** Oldest first, without the users' own credentials. */
  keys(): SandboxKey[];
  /** The secrets of the same, and of revoked ones. */
  everyKeyEverMade(): string[];
  /** @returns what takes the fault away again */
  fail(fault: Fault): () => void;
  /** The same faults for the same seed and order of requests. @returns what ends it */
  failAtRandom(options: RandomFaultOptions): () => void;
  faultsInjected(): RecordedFault[];
  setOneTimeRead(on: boolean): void;
  /** As by a person in Datadog's web page. */
  rename(id: string, name: string): void;
  revoke(id: string): void;
  add(key: NewKey): SandboxKey;
  /** A real "connection refused". @returns what listens again */
  goOffline(): Promise<() => Promise<void>>;
  close(): Promise<void>;
}
