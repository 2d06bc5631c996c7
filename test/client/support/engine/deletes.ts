import { dependentsToReplace } from "./dependents";
import type { Run } from "./run";
import { type State, dependenciesOf } from "./state";
import { remove } from "./steps";
import type { StoredResource } from "./types";

/**
 * The last step of a command: deletes the replaced resources and those that the program no longer declares, dependents
 * first.
 */
export async function deleteTheRest<I extends object, S extends object>(
  state: State<I, S>,
  run: Run<S>,
): Promise<void> {
  const wanted = await chosen(state, run);
  const toDelete = wanted.filter((old) => state.pendingDeletes.includes(old) || !run.registered.has(old.name));
  const names = new Set(toDelete.map(({ name }) => name));
  const failed = new Set<string>();
  let left = toDelete;
  while (left.length > 0 && !run.stopped) {
    const isNeeded = (name: string) =>
      left.some((other) => other.name !== name && dependenciesOf(other).includes(name));
    const next = left.filter(({ name }) => !isNeeded(name));
    left = left.filter((old) => !next.includes(old));
    await run.all(
      next
        .filter(({ name }) => !failed.has(name))
        .map((old) => async () => {
          const { deletedWith } = old.options ?? {};
          const asksProvider = !old.pendingReplacement && !(deletedWith !== undefined && names.has(deletedWith));
          if (run.stopped && run.options.parallel === false) return;
          try {
            await remove(run, old, asksProvider, () => {
              state.change(old, undefined);
            });
          } catch (error) {
            for (const name of dependenciesOf(old)) failed.add(name);
            throw error;
          }
        }),
    );
  }
}

/** The resources that the options of the command select. */
async function chosen<I extends object, S extends object>(
  state: State<I, S>,
  run: Run<S>,
): Promise<StoredResource<I, S>[]> {
  const { target, targetDependents, excludeProtected } = run.options;
  const names = new Set(target);
  for (const name of target ?? []) {
    const root = state.resources.get(name);
    if (!root) continue;
    for (const dependent of await dependentsToReplace(state, run, root)) names.add(dependent.name);
    if (targetDependents)
      for (const other of state.resources.values()) if (dependenciesOf(other).includes(name)) names.add(other.name);
  }
  return state
    .all()
    .filter((old) => (target ? names.has(old.name) : run.includes(old.name)))
    .filter((old) => !(excludeProtected && old.options?.protect));
}
