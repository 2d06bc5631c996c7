import type { Clock } from "../../datadog/clock";
import { Connection, type ConnectionOptions } from "../../datadog/connection";
import {
  type DatadogError,
  type SettingNames,
  falseIfRefused,
  isRefusal,
  mayHaveHappened,
  undefinedIfRefused,
} from "../../datadog/errors";
import { type KeyRecord, type Leak, type User, isNamed, nameOf } from "../../datadog/keys";
import { onePage } from "../../datadog/pages";
import { Registrations } from "../../datadog/registrations";
import { siteHasV1 } from "../../datadog/site-api";
import type { Site } from "../../datadog/sites";
import { V1Keys } from "../../datadog/v1";
import { type Area, type Owner, V2Keys } from "../../datadog/v2";
import { defined } from "../../defined";
import { credentialsFingerprintOf } from "../../settings";
import { callerUnnamed, organisationUnknown, wrongOrganisation } from "../model/errors";
import type { KeyState, Identity } from "../model/state";
import { type StoredKey, hasSecret } from "../model/stored-key";
import type { OwnWrites } from "../run/own-writes";
import { KeyList } from "./key-list";
import { SharedPromise } from "./shared-promise";

/** Datadog's answers to one set of credentials, requested once and shared by all resources. */
export class Organisation {
  readonly v1: V1Keys;
  readonly v2: V2Keys;
  readonly registrations: Registrations;
  /** The UUIDs of the keys registered for Actions API access. */
  readonly registered: SharedPromise<ReadonlySet<string>>;
  /** All keys that v1 shows, if v1 is served. */
  readonly v1Keys: KeyList;
  /** v1's refusal, if it has refused. */
  v1Refusal: DatadogError | undefined;
  /** Leaked keys by id, as far as Datadog's answers have shown them. */
  readonly leaks = new Map<string, Leak>();
  /** Ids of keys that were shown to these credentials, and whose state does not name an organisation. */
  readonly shown = new Set<string>();
  readonly clock: Clock;
  /** The fingerprint of the credentials. See settings.ts. */
  readonly credentialsFingerprint: string;
  /** Whether a key is the application key that signs these requests. */
  readonly isCredential: (stored: StoredKey) => boolean;
  readonly apiUrl: string;
  /** The settings that hold the credentials, for messages. */
  readonly names: SettingNames;

  /** The first create, which runs alone. */
  #firstV1Create: Promise<unknown> | undefined;
  /** Whether creates may run in parallel. */
  #v1InParallel = false;
  /** Whether v1 has created a key. */
  #v1HasCreated = false;
  readonly #caller: SharedPromise<User>;
  readonly #accounts = new Map<string, SharedPromise<User>>();
  readonly #v2Keys = new Map<string, KeyList>();
  readonly #writes: OwnWrites;

  constructor(
    readonly site: Site,
    options: ConnectionOptions & { readonly names: SettingNames },
    writes: OwnWrites,
  ) {
    this.clock = options.clock;
    this.#writes = writes;
    this.credentialsFingerprint = credentialsFingerprintOf(options);
    this.apiUrl = options.apiUrl;
    this.names = options.names;
    this.isCredential = (stored) => hasSecret(stored, options.appKey);
    const connection = new Connection(options);
    this.v1 = new V1Keys(connection, site);
    this.v2 = new V2Keys(connection, site, (leak) => this.leaks.set(leak.id, leak));
    this.registrations = new Registrations(connection, site);
    this.registered = new SharedPromise(() => this.registrations.list());
    this.v1Keys = new KeyList(this.clock, { list: async () => onePage(await this.v1.list()) }, writes);
    this.#caller = new SharedPromise(() => this.v2.currentUser(), isRefusal);
  }

  /**
   * Checks that a key of the state lives in the organisation of these credentials. If the API key is the one that last
   * showed this, no request is needed.
   * @throws LifecycleError that names both organisations
   */
  async requireHome({ name, site, orgId, __credentials }: KeyState): Promise<void> {
    if (orgId === undefined || __credentials === this.credentialsFingerprint) return;
    const caller = await this.currentUser();
    if (caller.orgId === undefined) throw organisationUnknown(name, site, orgId);
    if (caller.orgId !== orgId) throw wrongOrganisation(name, site, orgId, caller);
  }

  /**
   * Lists through v1, unless the organisation has no v1. It is disabled on Government sites and in One-Time Read mode.
   * The first list answers this for all.
   */
  async ifV1Serves<T>(list: () => Promise<T>): Promise<T | undefined> {
    if (!siteHasV1(this.site) || this.v1Refusal) return undefined;
    try {
      return await list();
    } catch (error) {
      if (!isRefusal(error)) throw error;
      this.v1Refusal = error;
      return undefined;
    }
  }

  async servesV1(): Promise<boolean> {
    return (await this.ifV1Serves(() => this.v1Keys.baseline())) !== undefined;
  }

  /**
   * Runs the first v1 create alone. If only creating is disabled, one refused request answers this for all.
   * @throws the refusal of the first one, for all that waited for it
   */
  async firstAloneThroughV1<T>(create: () => Promise<T>): Promise<T> {
    // The first create reports its failure to its own caller.
    while (this.#firstV1Create) await this.#firstV1Create.catch(() => undefined);
    if (this.v1Refusal) throw this.v1Refusal;
    const created = create();
    if (!this.#v1InParallel) this.#firstV1Create = created;
    try {
      const key = await created;
      this.#v1InParallel = this.#v1HasCreated = true;
      return key;
    } catch (error) {
      if (isRefusal(error) && !this.#v1HasCreated) this.v1Refusal = error;
      // A lost answer proves nothing, but the others must not wait for theirs one after another.
      if (mayHaveHappened(error)) this.#v1InParallel = true;
      throw error;
    } finally {
      if (this.#firstV1Create === created) this.#firstV1Create = undefined;
    }
  }

  /** The user whose application key is used. */
  currentUser(): Promise<User> {
    return this.#caller.get();
  }

  /** Whether the caller owns a key of the state, as far as Datadog shows it. */
  async callerOwns({ owner, ownerId }: KeyState): Promise<boolean> {
    if (owner === undefined && ownerId === undefined) return false;
    // States of 0.2.0 and before lack the owner's UUID. E-mail and handle may change.
    const owns = (caller: User) =>
      ownerId === undefined ? owner !== undefined && isNamed(caller, owner) : caller.id === ownerId;
    return this.currentUser().then(owns, falseIfRefused);
  }

  /** Filters a list for its owner, because v1's list shows other users' keys too. */
  async ownKeys(version: "v1" | "v2", keys: KeyRecord[]): Promise<KeyRecord[]> {
    if (version === "v2" || keys.length === 0) return keys;
    const caller = await this.currentUser();
    if (nameOf(caller) === undefined) throw callerUnnamed(this.site);
    // A key without an owner counts as the caller's. Treating it as someone else's could create a second key.
    return keys.filter(({ owner }) => owner === undefined || isNamed(caller, owner));
  }

  /** The owner and the organisation of a new key, as far as Datadog shows them to this user. */
  async identityOf(owner: Owner): Promise<Identity> {
    // The create itself shows whether the credentials and the account work.
    const caller = await this.currentUser().catch(undefinedIfRefused);
    const user =
      owner === "currentUser" ? caller : await this.#account(owner.serviceAccountId).catch(undefinedIfRefused);
    const ownerId = owner === "currentUser" ? caller?.id : owner.serviceAccountId;
    return this.#identity(caller, defined({ owner: user && nameOf(user), ownerId }));
  }

  /** Adds the organisation and the owner's UUID, which states of 0.2.0 and before lack. The caller need not be the owner. */
  async identified(state: KeyState): Promise<KeyState> {
    if (state.orgId !== undefined) return state;
    const caller = await this.currentUser().catch(undefinedIfRefused);
    const owns = caller !== undefined && state.owner !== undefined && isNamed(caller, state.owner);
    const ownerId = state.serviceAccountId ?? state.ownerId ?? (owns ? caller.id : undefined);
    return { ...this.#identity(caller, defined({ owner: state.owner, ownerId })), ...state };
  }

  #identity(caller: User | undefined, owner: Pick<Identity, "owner" | "ownerId">): Identity {
    return caller?.orgId === undefined
      ? owner
      : { ...owner, orgId: caller.orgId, __credentials: this.credentialsFingerprint };
  }

  #account(id: string): Promise<User> {
    const account = this.#accounts.get(id) ?? new SharedPromise(() => this.v2.userById(id));
    this.#accounts.set(id, account);
    return account.get();
  }

  /** The keys of one owner or, if the caller may see them, of all users, through v2. */
  v2KeysOf(area: Area): KeyList {
    const id = typeof area === "string" ? area : area.serviceAccountId.toLowerCase();
    const known = this.#v2Keys.get(id);
    if (known) return known;
    const source = { list: () => this.v2.list(area), newest: () => this.v2.newest(area) };
    const keys = new KeyList(this.clock, source, this.#writes);
    this.#v2Keys.set(id, keys);
    return keys;
  }
}
