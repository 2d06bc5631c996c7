import { randomUUID } from "node:crypto";
import { timestamp } from "./clock";
import { keyNotFound, nameTaken } from "./refusal";
import { newApiKey, newApplicationKey } from "./secrets";
import type { NewKey, NewUser, Permission, SandboxKey, SandboxUser } from "./types";

const everyPermission: readonly Permission[] = [
  "user_app_keys",
  "org_app_keys_read",
  "org_app_keys_write",
  "service_account_write",
  "user_access_read",
];

/** What outlives a run. */
export interface OrganisationData {
  apiKey: string;
  users: SandboxUser[];
  keys: SandboxKey[];
}

/** Users and keys of the sandbox's one organisation, with Datadog's rules for names. */
export class Organisation {
  readonly apiKey: string;
  readonly users: SandboxUser[] = [];
  readonly #keys = new Map<string, SandboxKey>();
  readonly #bySecret = new Map<string, SandboxKey>();
  readonly #everMade = new Set<string>();
  readonly #uniqueNames: boolean;
  /** Called after each change, so that it can be saved. */
  onChange: () => void = () => undefined;

  constructor(uniqueNames: boolean, saved?: OrganisationData) {
    this.#uniqueNames = uniqueNames;
    this.apiKey = saved?.apiKey ?? newApiKey();
    if (saved) {
      this.users.push(...saved.users);
      saved.keys.forEach((key) => {
        this.#insert(key);
      });
    } else {
      this.addUser({ handle: "admin@example.com", name: "Sandbox Admin" });
    }
  }

  get defaultUser(): SandboxUser {
    const [user] = this.users;
    if (!user) throw new Error("the organisation has no user");
    return user;
  }

  data(): OrganisationData {
    return { apiKey: this.apiKey, users: this.users, keys: this.keys() };
  }

  addUser(user: NewUser): SandboxUser {
    const id = user.id ?? randomUUID();
    const serviceAccount = user.serviceAccount ?? false;
    // A service account's handle is its id; a person's is the e-mail address.
    const handle = user.handle ?? (serviceAccount ? id : (user.email ?? `user-${id.slice(0, 8)}@example.com`));
    const added: SandboxUser = {
      id,
      handle,
      email: user.email ?? (handle.includes("@") ? handle : `${handle}@example.com`),
      name: user.name ?? handle,
      appKey: user.appKey ?? newApplicationKey(),
      permissions: [...(user.permissions ?? everyPermission)],
      serviceAccount,
      createdAt: user.createdAt ?? timestamp(),
    };
    this.users.push(added);
    this.onChange();
    return added;
  }

  user(idOrHandle: string): SandboxUser | undefined {
    return this.users.find(({ id, handle }) => id === idOrHandle || handle === idOrHandle);
  }

  keys(): SandboxKey[] {
    return [...this.#keys.values()];
  }

  everyKeyEverMade(): string[] {
    return [...this.#everMade];
  }

  key(id: string): SandboxKey {
    const key = this.#keys.get(id);
    if (!key) throw keyNotFound();
    return key;
  }

  keyBySecret(secret: string): SandboxKey | undefined {
    return this.#bySecret.get(secret);
  }

  addKey({ owner, ...given }: NewKey): SandboxKey {
    const user = owner === undefined ? this.defaultUser : this.user(owner);
    if (!user) throw new Error(`no user "${owner ?? ""}" to own the key`);
    this.#refuseTakenName(user.id, given.name);
    const secret = given.key ?? newApplicationKey();
    const key: SandboxKey = {
      id: given.id ?? randomUUID(),
      key: secret,
      name: given.name,
      owner: user.handle,
      ownerId: user.id,
      scopes: given.scopes ?? null,
      createdAt: given.createdAt ?? timestamp(),
      last4: secret.slice(-4),
    };
    this.#insert(key);
    this.onChange();
    return key;
  }

  editKey(key: SandboxKey, change: { name?: string; scopes?: string[] | null }): void {
    if (change.name !== undefined && change.name !== key.name) this.#refuseTakenName(key.ownerId, change.name);
    Object.assign(key, change);
    this.onChange();
  }

  deleteKey(key: SandboxKey): void {
    this.#keys.delete(key.id);
    this.#bySecret.delete(key.key);
    this.onChange();
  }

  #insert(key: SandboxKey): void {
    this.#keys.set(key.id, key);
    this.#bySecret.set(key.key, key);
    this.#everMade.add(key.key);
  }

  #refuseTakenName(ownerId: string, name: string): void {
    if (!this.#uniqueNames) return;
    for (const key of this.#keys.values()) if (key.ownerId === ownerId && key.name === name) throw nameTaken();
  }
}
