import type { Clock } from "../../datadog/clock";
import { Connection, type ConnectionOptions } from "../../datadog/connection";
import { type DatadogError, falseIfRefused, isRefusal, undefinedIfRefused } from "../../datadog/errors";
import { type KeyApi, v1Api, v2Api } from "../../datadog/key-api";
import { type KeyRecord, type Leak, type User, isNamed, nameOf } from "../../datadog/keys";
import { onePage } from "../../datadog/pages";
import { Registrations } from "../../datadog/registrations";
import { siteHasV1 } from "../../datadog/site-api";
import type { Site } from "../../datadog/sites";
import { V1Keys } from "../../datadog/v1";
import { type Area, type Owner, V2Keys } from "../../datadog/v2";
import { ReservedNames } from "../making/reserved-names";
import { Turns } from "../making/turns";
import { callerUnnamed, leaked } from "../model/errors";
import { type Role, type StoredKey, idsOf, idsOfRecord, ownerId } from "../model/stored-key";
import { KeyList } from "./key-list";
import { SharedPromise } from "./shared-promise";

/** What this process knows of one Datadog organisation, learnt once and shared by all resources. */
export class Organisation {
  readonly v1: V1Keys;
  readonly v2: V2Keys;
  readonly registrations: Registrations;
  /** The UUIDs of the keys that are registered for Actions API access. */
  readonly registered: SharedPromise<ReadonlySet<string>>;
  /** All keys that v1 shows; only for organisations that v1 serves. */
  readonly v1Keys: KeyList;
  /** The keys of all its users, by v2; for those who may see them. */
  readonly everybodysKeys: KeyList;
  /** Names that resources of this run have made, adopted or renamed a key to. */
  readonly names: ReservedNames;
  /** Names are made free one at a time: two keys that swap theirs would move each other away again. */
  readonly rooms = new Turns();
  /** How v1 refused, once it has. */
  v1Refusal: DatadogError | undefined;

  /** Ids of keys that resources of this run have taken over, and of keys that this run has revoked. */
  readonly #adopted = new Set<string>();
  readonly #revoked = new Set<string>();
  readonly #partlyDone = new Map<string, StoredKey>();
  readonly #told = new Set<string>();
  /** Keys that Datadog has found in public, as far as its answers of this run show them. */
  readonly #leaks = new Map<string, Leak>();
  /** Which of them the user has been told of: one answer may say more of a leak than another. */
  readonly #toldLeaks = new Set<string>();
  readonly #isTracked: (id: string) => boolean;
  #v1Proof: Promise<unknown> | undefined;
  #v1Proven = false;
  readonly #caller: SharedPromise<User>;
  readonly #accounts = new Map<string, SharedPromise<User>>();
  readonly #v2Keys = new Map<string, KeyList>();
  readonly #tell: (line: string) => void;

  readonly clock: Clock;

  constructor(
    readonly site: Site,
    options: ConnectionOptions,
    /** Whether the state has a key under that id. */
    isTracked: (id: string) => boolean,
  ) {
    this.#isTracked = isTracked;
    this.clock = options.clock;
    this.#tell = options.tell;
    this.names = new ReservedNames(site);
    const connection = new Connection(options);
    this.v1 = new V1Keys(connection, site);
    this.v2 = new V2Keys(connection, site, (leak) => this.#leaks.set(leak.id, leak));
    this.registrations = new Registrations(connection, site);
    this.registered = new SharedPromise(() => this.registrations.list());
    this.v1Keys = new KeyList(this.clock, { list: async () => onePage(await this.v1.list()) });
    this.everybodysKeys = this.#v2List("organisation");
    this.#caller = new SharedPromise(() => this.v2.currentUser());
  }

  /**
   * Whether v1 is there for this organisation. It is disabled on Government sites and in One-Time Read mode; the first
   * list finds out, and nobody asks again.
   * @param ask a request that only lists
   */
  async servesV1(ask: () => Promise<unknown> = () => this.v1Keys.filter(() => false)): Promise<boolean> {
    if (!siteHasV1(this.site) || this.v1Refusal) return false;
    try {
      await ask();
      return true;
    } catch (error) {
      if (!isRefusal(error)) throw error;
      this.v1Refusal = error;
      return false;
    }
  }

  /**
   * Lets the first create through v1 go alone: where only creating is disabled, one refused request finds out for all.
   * @throws what refused the first one, for everybody who waited for it
   */
  async firstAloneThroughV1<T>(create: () => Promise<T>): Promise<T> {
    // The create that goes first tells its failure to its own caller.
    while (this.#v1Proof) await this.#v1Proof.catch(() => undefined);
    if (this.v1Refusal) throw this.v1Refusal;
    if (this.#v1Proven) return create();
    const proof = create();
    this.#v1Proof = proof;
    try {
      const created = await proof;
      this.#v1Proven = true;
      return created;
    } catch (error) {
      if (isRefusal(error)) this.v1Refusal = error;
      throw error;
    } finally {
      this.#v1Proof = undefined;
    }
  }

  /** The user whose application key is used. */
  currentUser(): Promise<User> {
    return this.#caller.get();
  }

  /** Whether an owner that Datadog named is the user whose credentials are used, as far as Datadog tells. */
  async isCaller(owner: string): Promise<boolean> {
    return this.currentUser().then((caller) => isNamed(caller, owner), falseIfRefused);
  }

  /** Of keys that a list showed, those of its owner: v1's list shows other users' keys too. */
  async ownKeys(version: "v1" | "v2", keys: KeyRecord[]): Promise<KeyRecord[]> {
    if (version === "v2" || keys.length === 0) return keys;
    const caller = await this.currentUser();
    if (nameOf(caller) === undefined) throw callerUnnamed(this.site);
    // A key whose owner is not told counts as ours: to take it for somebody else's could make a second one.
    return keys.filter(({ owner }) => owner === undefined || isNamed(caller, owner));
  }

  /** Notes that a resource of this run has taken over a key, or may have: one that it found, and does not know the maker of. */
  adopt(key: KeyRecord): void {
    for (const id of idsOfRecord(key)) this.#adopted.add(id);
  }

  hasAdopted(stored: StoredKey): boolean {
    return idsOf(stored).some((id) => this.#adopted.has(id));
  }

  /** Notes that this run has revoked a key. */
  revoked(stored: StoredKey): void {
    for (const id of idsOf(stored)) this.#revoked.add(id);
  }

  hasRevoked(stored: StoredKey): boolean {
    return idsOf(stored).some((id) => this.#revoked.has(id));
  }

  /** Whether Datadog shows with that key one that the state has as another one than this. */
  isOfAnother(key: KeyRecord, stored: StoredKey): boolean {
    return !idsOf(stored).includes(key.id) && this.#isTracked(key.id);
  }

  /** Notes a key that a create of this run has made or taken over without finishing its work. */
  donePartly(owner: Owner, stored: StoredKey): void {
    this.#partlyDone.set(`${ownerId(owner)}/${stored.state.name}`, stored);
  }

  partlyDone(owner: Owner, name: string): StoredKey | undefined {
    return this.#partlyDone.get(`${ownerId(owner)}/${name}`);
  }

  /** Tells the user of keys that have leaked, once a run. @param roleOf says whether a key is one of the state's */
  tellOfLeaks(roleOf: (id: string) => Role | undefined): void {
    for (const leak of this.#leaks.values()) {
      const role = this.#toldLeaks.has(leak.id) ? undefined : roleOf(leak.id);
      if (!role) continue;
      this.#toldLeaks.add(leak.id);
      this.#tell(leaked(leak, role));
    }
  }

  /** Tells the user something, once a run. */
  tellOnce(line: string): void {
    if (this.#told.has(line)) return;
    this.#told.add(line);
    this.#tell(line);
  }

  /** E-mail or handle of an owner; undefined where Datadog will not tell it to this user. */
  async nameOfOwner(owner: Owner): Promise<string | undefined> {
    // Making the key says itself whether the account exists and may be used.
    return this.#user(owner).then(nameOf, undefinedIfRefused);
  }

  #user(owner: Owner): Promise<User> {
    if (owner === "currentUser") return this.currentUser();
    const id = owner.serviceAccountId;
    const account = this.#accounts.get(id) ?? new SharedPromise(() => this.v2.userById(id));
    this.#accounts.set(id, account);
    return account.get();
  }

  /** The keys of one owner, by v2. */
  v2KeysOf(owner: Owner): KeyList {
    const name = ownerId(owner);
    const keys = this.#v2Keys.get(name) ?? this.#v2List(owner);
    this.#v2Keys.set(name, keys);
    return keys;
  }

  #v2List(area: Area): KeyList {
    return new KeyList(this.clock, { list: () => this.v2.list(area), newest: () => this.v2.newest(area) });
  }

  /** The API of one version for one owner, and the list that goes with it. */
  apiFor(version: "v1" | "v2", owner: Owner): { api: KeyApi; keys: KeyList } {
    return version === "v1"
      ? { api: v1Api(this.v1), keys: this.v1Keys }
      : { api: v2Api(this.v2, owner), keys: this.v2KeysOf(owner) };
  }
}
