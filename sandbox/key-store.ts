import type { SandboxKey } from "./types";

/** A key before a change, or undefined if it did not exist. */
interface Change {
  at: number;
  id: string;
  before: SandboxKey | undefined;
}

/** Live keys by id, secret and name, and their state at any earlier time. */
export class KeyStore {
  readonly #keys = new Map<string, SandboxKey>();
  /** Ids by secret and by name. Secrets of revoked keys stay. */
  readonly #bySecret = new Map<string, string>();
  readonly #byName = new Map<string, Set<string>>();
  /** Oldest first. */
  readonly #changes: Change[] = [];
  readonly #now: () => number;

  constructor(now: () => number) {
    this.#now = now;
  }

  all(): SandboxKey[] {
    return [...this.#keys.values()];
  }

  get(id: string): SandboxKey | undefined {
    return this.#keys.get(id);
  }

  idOf(secret: string): string | undefined {
    return this.#bySecret.get(secret);
  }

  named(name: string): SandboxKey[] {
    return [...(this.#byName.get(name) ?? [])].flatMap((id) => this.#keys.get(id) ?? []);
  }

  secretsEver(): string[] {
    return [...this.#bySecret.keys()];
  }

  /** Adds or replaces a key. */
  set(key: SandboxKey): void {
    this.#remember(key.id);
    this.restore(key);
  }

  delete(id: string): void {
    this.#remember(id);
    this.#unname(id);
    this.#keys.delete(id);
  }

  /** Adds a key that has always existed. */
  restore(key: SandboxKey): void {
    this.#unname(key.id);
    this.#keys.set(key.id, key);
    this.#bySecret.set(key.key, key.id);
    const sameName = this.#byName.get(key.name);
    if (sameName) sameName.add(key.id);
    else this.#byName.set(key.name, new Set([key.id]));
  }

  allAt(time: number): SandboxKey[] {
    const keys = new Map(this.#keys);
    for (const { id, before } of this.#changesSince(time))
      if (before) keys.set(id, before);
      else keys.delete(id);
    return [...keys.values()];
  }

  getAt(time: number, id: string): SandboxKey | undefined {
    let key = this.#keys.get(id);
    for (const change of this.#changesSince(time)) if (change.id === id) key = change.before;
    return key;
  }

  /** Newest first. */
  *#changesSince(time: number): Generator<Change> {
    for (let index = this.#changes.length - 1; index >= 0; index--) {
      const change = this.#changes[index];
      if (!change || change.at <= time) return;
      yield change;
    }
  }

  #remember(id: string): void {
    this.#changes.push({ at: this.#now(), id, before: this.#keys.get(id) });
  }

  #unname(id: string): void {
    const name = this.#keys.get(id)?.name;
    if (name !== undefined) this.#byName.get(name)?.delete(id);
  }
}
