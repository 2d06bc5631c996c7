import type { StoredResource } from "./types";

/** The state of a stack. */
export class State<I, S> {
  readonly resources = new Map<string, StoredResource<I, S>>();
  /** Resources that are replaced and not yet deleted. */
  pendingDeletes: StoredResource<I, S>[] = [];

  all(): StoredResource<I, S>[] {
    return [...this.resources.values(), ...this.pendingDeletes];
  }

  /** @returns restores the present state, for instance after a preview */
  remember(): () => void {
    const resources = [...this.resources];
    const pendingDeletes = [...this.pendingDeletes];
    return () => {
      this.resources.clear();
      for (const [name, resource] of resources) this.resources.set(name, resource);
      this.pendingDeletes = pendingDeletes;
    };
  }

  /** Replaces a resource in the state, wherever it is, or removes it. */
  change(old: StoredResource<I, S>, changed: StoredResource<I, S> | undefined): void {
    if (this.resources.get(old.name) === old) {
      if (changed) this.resources.set(old.name, changed);
      else this.resources.delete(old.name);
    } else
      this.pendingDeletes = this.pendingDeletes.flatMap((other) =>
        other !== old ? [other] : changed ? [changed] : [],
      );
  }
}

/** The resources that a resource depends on: it is created after them and deleted before them. */
export function dependenciesOf<I, S>({ sources = {}, options = {} }: StoredResource<I, S>): string[] {
  const { dependsOn = [], replaceWith = [], deletedWith } = options;
  return [...Object.values(sources), ...dependsOn, ...replaceWith, ...(deletedWith === undefined ? [] : [deletedWith])];
}
