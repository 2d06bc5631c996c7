import type { Clock } from "../../datadog/clock";
import { Connection, type ConnectionOptions } from "../../datadog/connection";
import { type DatadogError, isRefusal } from "../../datadog/errors";
import { type KeyApi, v1Api, v2Api } from "../../datadog/key-api";
import { type KeyRecord, type User, isNamed, nameOf } from "../../datadog/keys";
import { servesV1 } from "../../datadog/site-api";
import type { Site } from "../../datadog/sites";
import { V1Keys } from "../../datadog/v1";
import { V2Keys } from "../../datadog/v2";
import { isSame } from "../engine/plan";
import { Directory } from "./key-list";
import { callerUnnamed } from "../model/errors";
import type { StoredKey } from "./locate";
import { Memo } from "./shared-promise";

/** Whose key: that of the user whose credentials are used, or a service account's. */
export type Owner = "currentUser" | { readonly serviceAccountId: string };

/** What this process knows of one Datadog organisation, learnt once and shared by all resources. */
export class Organisation {
  readonly v1: V1Keys;
  readonly v2: V2Keys;
  /** All keys that v1 shows; only for organisations that v1 serves. */
  readonly v1Keys: Directory;
  /** The keys of all its users, by v2; for those who may see them. */
  readonly everybodysKeys: Directory;
  /** Names that resources of this run have made, adopted or renamed a key to, by owner. */
  readonly claims = new Set<string>();
  /** How v1 refused, once it has. */
  v1Refusal: DatadogError | undefined;

  readonly #adopted: KeyRecord[] = [];
  #v1Proof: Promise<unknown> | undefined;
  #v1Proven = false;
  readonly #caller: Memo<User>;
  readonly #accounts = new Map<string, Memo<User>>();
  readonly #v2Keys = new Map<string, Directory>();

  readonly clock: Clock;

  constructor(
    readonly site: Site,
    options: ConnectionOptions,
  ) {
    this.clock = options.clock;
    const connection = new Connection(options);
    this.v1 = new V1Keys(connection, site);
    this.v2 = new V2Keys(connection, site);
    this.v1Keys = new Directory(() => this.v1.list());
    this.everybodysKeys = new Directory(() => this.v2.list("organisation"));
    this.#caller = new Memo(() => this.v2.currentUser());
  }

  /**
   * Whether v1 is there for this organisation. It is disabled on Government sites and in One-Time Read mode; the first
   * list finds out, and nobody asks again.
   * @param ask a request that only lists
   */
  async servesV1(ask: () => Promise<unknown> = () => this.v1Keys.filter(() => false)): Promise<boolean> {
    if (!servesV1(this.site) || this.v1Refusal) return false;
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
  async provingV1<T>(create: () => Promise<T>): Promise<T> {
    // Whoever makes the proof tells its failure to its own caller.
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

  /** Whether an owner that Datadog named is the user whose credentials are used. */
  async isCaller(owner: string): Promise<boolean> {
    return isNamed(await this.currentUser(), owner);
  }

  /** Of keys that a list showed, those of its owner: v1's list shows other users' keys too. */
  async ownKeys(version: "v1" | "v2", keys: KeyRecord[]): Promise<KeyRecord[]> {
    if (version === "v2" || keys.length === 0) return keys;
    const caller = await this.currentUser();
    if (nameOf(caller) === undefined) throw callerUnnamed(this.site);
    // A key whose owner is not told counts as ours: to take it for somebody else's could make a second one.
    return keys.filter(({ owner }) => owner === undefined || isNamed(caller, owner));
  }

  /** Notes that a resource of this run has taken a key over. */
  adopt(key: KeyRecord): void {
    this.#adopted.push(key);
  }

  hasAdopted(stored: StoredKey): boolean {
    return this.#adopted.some((key) => isSame(stored, key));
  }

  /** E-mail or handle of an owner; undefined where Datadog will not tell it to this user. */
  async nameOfOwner(owner: Owner): Promise<string | undefined> {
    if (owner === "currentUser") return nameOf(await this.currentUser());
    const id = owner.serviceAccountId;
    const account = this.#accounts.get(id) ?? new Memo(() => this.v2.userById(id));
    this.#accounts.set(id, account);
    return account.get().then(nameOf, (error: unknown) => {
      // Making the key says itself whether the account exists and may be used.
      if (isRefusal(error)) return undefined;
      throw error;
    });
  }

  /** The keys of one owner, by v2. */
  v2KeysOf(owner: Owner): Directory {
    const name = ownerId(owner);
    const directory = this.#v2Keys.get(name) ?? new Directory(() => this.v2.list(owner));
    this.#v2Keys.set(name, directory);
    return directory;
  }

  /** The API of one version for one owner, and the directory that goes with it. */
  apiFor(version: "v1" | "v2", owner: Owner): { api: KeyApi; directory: Directory } {
    return version === "v1"
      ? { api: v1Api(this.v1), directory: this.v1Keys }
      : { api: v2Api(this.v2, owner), directory: this.v2KeysOf(owner) };
  }
}

/** A short name for an owner within an organisation. */
export function ownerId(owner: Owner): string {
  return owner === "currentUser" ? "" : owner.serviceAccountId.toLowerCase();
}
