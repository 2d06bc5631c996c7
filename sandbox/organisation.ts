import { randomUUID } from "node:crypto";
import type { Clock } from "./clock";
import { KeyStore } from "./key-store";
import { complete, everywhere, goesBy } from "./people";
import { keyNotFound, nameTaken, tooManyKeys } from "./refusal";
import { newApiKey, newApplicationKey } from "./secrets";
import type { KeyLeak, NewKey, NewUser, SandboxKey, SandboxUser, UniqueNames } from "./types";

/** The data that is saved between runs. */
export interface OrganisationData {
  /** Missing in files of 0.2.0 and before. */
  orgId?: string;
  apiKey: string;
  users: NewUser[];
  keys: SavedKey[];
  registrations?: string[];
}

/** An older sandbox saved only the first part. */
type SavedKey = Omit<SandboxKey, "lastUsedAt" | "leak"> & Partial<SandboxKey>;

const neverUsed = { lastUsedAt: null, leak: null };

/** The users and keys of the sandbox's organisation, with Datadog's rules for names. */
export class Organisation {
  readonly id: string;
  readonly apiKey: string;
  readonly users: SandboxUser[] = [];
  /** Ids of the keys registered for Actions API access. */
  readonly registrations: Set<string>;
  readonly #clock: Clock;
  readonly #keys: KeyStore;
  readonly #uniqueNames: UniqueNames;
  /** How many milliseconds reads are behind writes. */
  readLag = 0;
  /** How many keys a user may have. Undefined means no limit. */
  keysPerUser: number | undefined;
  /** Called after each change, so that it can be saved. */
  onChange: () => void = () => undefined;

  constructor(clock: Clock, uniqueNames: UniqueNames, saved?: OrganisationData, id?: string) {
    this.#clock = clock;
    this.#keys = new KeyStore(clock.now);
    this.#uniqueNames = uniqueNames;
    this.id = saved?.orgId ?? id ?? randomUUID();
    this.apiKey = saved?.apiKey ?? newApiKey();
    (saved?.users ?? everywhere).forEach((user) => this.addUser(user));
    saved?.keys.forEach((key) => {
      this.#keys.restore({ ...neverUsed, ...key });
    });
    this.registrations = new Set(saved?.registrations);
  }

  data(): OrganisationData {
    return {
      orgId: this.id,
      apiKey: this.apiKey,
      users: this.users,
      keys: this.keys(),
      registrations: [...this.registrations],
    };
  }

  addUser(user: NewUser): SandboxUser {
    const added = complete(user, this.#clock.timestamp());
    this.users.push(added);
    this.onChange();
    return added;
  }

  /** Disables a user: nobody can sign in as them, and their keys are revoked. */
  disable(user: SandboxUser): void {
    user.disabled = true;
    this.keys()
      .filter(({ ownerId }) => ownerId === user.id)
      .forEach((key) => {
        this.deleteKey(key);
      });
    this.onChange();
  }

  user(id: string): SandboxUser | undefined {
    return this.users.find((user) => user.id === id);
  }

  /**
   * @param name the default is the first user
   * @throws Error if no user has that name
   */
  userCalled(name?: string): SandboxUser {
    const user = this.users.find((one) => name === undefined || goesBy(one, name));
    if (!user)
      throw new Error(`no user "${name ?? ""}"; the users are ${this.users.map(({ handle }) => handle).join(", ")}`);
    return user;
  }

  keys(): SandboxKey[] {
    return this.#keys.all();
  }

  everyKeyEverMade(): string[] {
    return this.#keys.secretsEver();
  }

  key(id: string): SandboxKey {
    return found(this.#keys.get(id));
  }

  keyBySecret(secret: string): SandboxKey | undefined {
    return this.#keys.get(this.#keys.idOf(secret) ?? "");
  }

  /** The keys that a list shows. */
  keysToRead(): SandboxKey[] {
    return this.readLag > 0 ? this.#keys.allAt(this.#shownTime) : this.#keys.all();
  }

  /** The key that a get shows. */
  keyToRead(id: string): SandboxKey {
    return found(this.#keys.getAt(this.#shownTime, id));
  }

  keyToReadBySecret(secret: string): SandboxKey {
    return this.keyToRead(this.#keys.idOf(secret) ?? "");
  }

  /** @param owner a user's id, handle or short name */
  addKey(given: NewKey & { owner: string }): SandboxKey {
    const key = this.#newKey(given);
    this.#keys.set(key);
    this.onChange();
    return key;
  }

  /** Adds a key created by a request. */
  createKey(given: NewKey & { owner: string }): SandboxKey {
    const owned = this.keys().filter(({ ownerId }) => ownerId === given.owner).length;
    if (this.keysPerUser !== undefined && owned >= this.keysPerUser) throw tooManyKeys(this.keysPerUser);
    return this.addKey(given);
  }

  /** Adds a key that existed before the sandbox, so that late reads show it too. */
  addOldKey(given: NewKey & { owner: string }): void {
    this.#keys.restore(this.#newKey(given));
    this.onChange();
  }

  /** @returns the key as it is now */
  editKey(key: SandboxKey, change: Partial<Pick<SandboxKey, "name" | "scopes" | "leak">>): SandboxKey {
    if (change.name !== undefined && change.name !== key.name) this.#refuseTakenName(key.ownerId, change.name);
    const edited = { ...key, ...change };
    this.#keys.set(edited);
    this.onChange();
    return edited;
  }

  deleteKey({ id }: SandboxKey): void {
    this.#keys.delete(id);
    this.registrations.delete(id);
    this.onChange();
  }

  /** Not saved at once, because most requests change nothing else. */
  used(key: SandboxKey): void {
    key.lastUsedAt = this.#clock.timestamp();
  }

  leak(key: SandboxKey, { date, source }: Partial<Omit<KeyLeak, "id">>): void {
    const leak = {
      id: randomUUID(),
      date: date ?? this.#clock.timestamp(),
      source: source === undefined ? `https://github.com/example/${key.id}` : source,
    };
    this.editKey(key, { leak });
  }

  register(id: string): void {
    this.registrations.add(id);
    this.onChange();
  }

  unregister(id: string): void {
    this.registrations.delete(id);
    this.onChange();
  }

  get #shownTime(): number {
    return this.#clock.now() - this.readLag;
  }

  #newKey({ owner, ...given }: NewKey & { owner: string }): SandboxKey {
    const user = this.userCalled(owner);
    this.#refuseTakenName(user.id, given.name);
    const secret = given.key ?? newApplicationKey();
    return {
      id: given.id ?? randomUUID(),
      key: secret,
      name: given.name,
      owner: user.handle,
      ownerId: user.id,
      scopes: given.scopes ?? null,
      createdAt: given.createdAt ?? this.#clock.timestamp(),
      last4: secret.slice(-4),
      ...neverUsed,
    };
  }

  #refuseTakenName(ownerId: string, name: string): void {
    if (this.#uniqueNames === false) return;
    const taken = this.#keys.named(name).some((key) => this.#uniqueNames === "organisation" || key.ownerId === ownerId);
    if (taken) throw nameTaken();
  }
}

function found(key: SandboxKey | undefined): SandboxKey {
  if (!key) throw keyNotFound();
  return key;
}
