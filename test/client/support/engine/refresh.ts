import type { Run } from "./run";
import type { State } from "./state";
import type { StoredResource } from "./types";
import { annotated, opened } from "./secrets";
import { expectProvider, given, wire } from "./wire";

/** Calls read and diff for every resource in the state. */
export async function refreshAll<I extends object, S extends object>(state: State<I, S>, run: Run<S>): Promise<void> {
  const included = state.all().filter(({ name }) => run.includes(name));
  await run.all(
    included.map((old) => async () => {
      await refreshOne(state, run, old);
    }),
  );
}

/** @returns the resource as it is now, or undefined if it no longer exists */
export async function refreshOne<I extends object, S extends object>(
  state: State<I, S>,
  run: Run<S>,
  old: StoredResource<I, S>,
): Promise<StoredResource<I, S> | undefined> {
  if (old.pendingReplacement) return old;
  expectProvider(old.outputs);
  const read = await run.provider.read(old.id, wire(old.outputs));
  if (!read.id) {
    run.save(() => {
      state.change(old, undefined);
    });
    return undefined;
  }
  const { __provider } = old.outputs as { __provider?: string };
  const shown = opened(wire(given(read.props)));
  const wanted = opened(read.inputs === undefined ? old.inputs : (wire(read.inputs) as Partial<I>));
  const now = {
    ...old,
    id: read.id,
    outputs: { ...shown.values, __provider },
    secretOutputs: annotated(shown, old.secretOutputs ?? []),
    inputs: { ...wanted.values, __provider } as Partial<I>,
    secretInputs: annotated(wanted, old.secretInputs ?? []),
    unfinished: false,
  };
  // The engine calls no check before this diff, and passes the inputs in the state as the new inputs.
  await run.provider.diff(now.id, wire(now.outputs), wire(old.inputs));
  run.save(() => {
    state.change(old, now);
  });
  return now;
}
