import type { Run } from "./run";
import type { State } from "./state";
import type { StoredResource } from "./types";
import { UNKNOWN, wire } from "./wire";

/**
 * Finds the resources that must be replaced too when a resource is deleted before its replacement is created. For each
 * resource with inputs from it, the engine calls diff with those inputs unknown. Resources that the program has already
 * registered cannot depend on it.
 */
export async function dependentsToReplace<I extends object, S extends object>(
  state: State<I, S>,
  run: Run<S>,
  root: StoredResource<I, S>,
): Promise<StoredResource<I, S>[]> {
  const gone = new Set([root.name]);
  const dependents: StoredResource<I, S>[] = [];
  for (const old of state.resources.values()) {
    const sources = Object.entries(old.sources ?? {});
    const unknown = sources.filter(([, source]) => gone.has(source)).map(([input]) => [input, UNKNOWN]);
    if (unknown.length === 0 || run.registered.has(old.name)) continue;
    const inputs = { ...old.inputs, ...(Object.fromEntries(unknown) as Partial<I>) };
    const { replaces = [] } = await run.provider.diff(old.id, wire(old.outputs), wire(inputs));
    if (replaces.length === 0) continue;
    dependents.push(old);
    gone.add(old.name);
  }
  return dependents;
}

/** The resources whose option `replaceWith` names this resource. */
export function replacedWith<I, S>(state: State<I, S>, name: string): StoredResource<I, S>[] {
  return [...state.resources.values()].filter(({ options }) => options?.replaceWith?.includes(name));
}
