import type { Fault, FaultEffect, FaultKind, RecordedFault } from "./faults/types";

/** What a user may do; the names are Datadog's own permissions. */
export type Permission = (typeof permissions)[number];
export const permissions = [
  "user_app_keys",
  "org_app_keys_read",
  "org_app_keys_write",
  "service_account_write",
  "user_access_read",
] as const;

/** A person or a service account of the sandbox's organisation. */
export interface SandboxUser {
  id: string;
  handle: string;
  email: string;
  name: string;
  /** The application key this user signs requests with. It is a credential only: no list of keys shows it. */
  appKey: string;
  permissions: Permission[];
  serviceAccount: boolean;
  createdAt: string;
}

/** A user to start with; whatever is left out is made up. Without `permissions` the user has every one. */
export type NewUser = Partial<SandboxUser>;

/** An application key that the API manages, with everything Datadog knows of it. */
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

/** A key to add. `owner` is a user's id or handle; the default user's if left out. */
export interface NewKey {
  name: string;
  owner?: string;
  id?: string;
  key?: string;
  scopes?: string[] | null;
  createdAt?: string;
}

/** One request as it was received, in the order of arrival. It never holds a key. */
export interface RecordedRequest {
  method: string;
  /** The route's template, such as `/api/v2/application_keys/{id}`; `(unknown)` where there is none. */
  route: string;
  /** Path and query as sent, with keys masked. */
  path: string;
  /** Absent until there is an answer, and for good where a fault took the answer away. */
  status?: number;
  /** From arrival to answer. */
  ms?: number;
  /** `performance.now()` at arrival. */
  at: number;
  fault?: FaultKind;
}

/** Which requests to count: each field given must match. */
export interface RequestFilter {
  method?: string;
  /** A route's template, or any part of a masked path. */
  route?: string;
  status?: number;
}

export interface SandboxOptions {
  /** Port on the loopback address. @default 0, any free one */
  port?: number;
  /** One-Time Read mode: a key's secret is in the answer to its creation only, and v1 is disabled. @default false */
  oneTimeRead?: boolean;
  /** A Government site: v1 is disabled. @default false */
  government?: boolean;
  /** What a disabled v1 answers; Datadog does not document it. @default 403 */
  v1DisabledStatus?: V1DisabledStatus;
  /** Refuse a second key of the same name and owner with 409. @default true */
  uniqueNames?: boolean;
  /** Waited before each request is handled. @default 0 */
  latencyMs?: number;
  /** Requests a fixed window allows, for each limit name. @default none */
  rateLimit?: RateLimit;
  /** Users and service accounts beside the default user, who is always there. */
  users?: readonly NewUser[];
  /** Keys that are there from the start. */
  keys?: readonly NewKey[];
  /** Where users and keys are kept between runs; made if it is not there. */
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
  /** Kinds with their usual parameters, or whole effects. @default the kinds in `randomKinds` */
  kinds?: readonly (FaultKind | FaultEffect)[];
}

/** A running sandbox. */
export interface Sandbox {
  readonly url: string;
  /** The organisation's API key. */
  readonly apiKey: string;
  /** The default user's application key; that user has every permission. */
  readonly appKey: string;
  /** All users and service accounts, the default user first. */
  readonly users: readonly SandboxUser[];
  requests(filter?: RequestFilter): RecordedRequest[];
  /** The keys the API manages, oldest first. The users' own credentials are not among them. */
  keys(): SandboxKey[];
  /** The secret of each key that ever was, deleted ones too; the users' own credentials are not among them. */
  everyKeyEverMade(): string[];
  /** Applies a fault to the requests it selects; the answer takes it away again. */
  fail(fault: Fault): () => void;
  /** Applies faults at random, the same ones for the same seed and order of requests; the answer ends it. */
  failAtRandom(options: RandomFaultOptions): () => void;
  /** The faults that were applied, in order. */
  faultsInjected(): RecordedFault[];
  setOneTimeRead(on: boolean): void;
  /** What a person does in Datadog's web page, without a request. */
  rename(id: string, name: string): void;
  revoke(id: string): void;
  add(key: NewKey): SandboxKey;
  /** Stops listening until the answer is called: the one way to a real "connection refused". */
  goOffline(): Promise<() => Promise<void>>;
  /** Ends open connections at once. */
  close(): Promise<void>;
}
