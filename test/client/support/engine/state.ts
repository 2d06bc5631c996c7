import type { StoredResource } from "./types";

/** What a stack's state holds. */
export class State<I, S> {
  readonly resources = new Map<string, StoredResource<I, S>>();
  /** Replaced and not yet deleted. */
  condemned: StoredResource<I, S>[] = [];

  all(): StoredResource<I, S>[] {
    return [...this.resources.values(), ...this.condemned];
  }

  /** @returns brings back what was there, as after a preview */
  remember(): () => void {
    const resources = [...this.resources];
    const condemned = [...this.condemned];
    return () => {
      this.resources.clear();
      for (const [name, resource] of resources) this.resources.set(name, resource);
      this.condemned = condemned;
    };
  }

  /** Puts another version in a resource's place, wherever that is, or takes it out. */
  change(old: StoredResource<I, S>, changed: StoredResource<I, S> | undefined): void {
    if (this.resources.get(old.name) === old) {
      if (changed) this.resources.set(old.name, changed);
      else this.resources.delete(old.name);
    } else this.condemned = this.condemned.flatMap((other) => (other !== old ? [other] : changed ? [changed] : []));
  }
}

/** What a resource waits for when it is made, and must be deleted before. */
export function dependenciesOf<I, S>({ sources = {}, options = {} }: StoredResource<I, S>): string[] {
  const { dependsOn = [], replaceWith = [], deletedWith } = options;
  return [...Object.values(sources), ...dependsOn, ...replaceWith, ...(deletedWith === undefined ? [] : [deletedWith])];
}
