import type { Run } from "./run";
import type { State } from "./state";
import type { Hooks, StoredResource } from "./types";
import { annotated, opened } from "./secrets";
import { expectProvider, given, isPartial, wire, withProvider } from "./wire";

/** A resource as the program and check describe it. */
export type Planned<I, S> = Omit<StoredResource<I, S>, "id" | "outputs" | "unfinished"> & { readonly inputs: I };

/** The maximum number of tries that a hook gets from the engine. */
const maxTries = 100;

/** @param old the resource that it replaces, which is deleted at the end */
export async function create<I extends object, S extends object>(
  state: State<I, S>,
  run: Run<S>,
  planned: Planned<I, S>,
  old?: StoredResource<I, S>,
): Promise<void> {
  const keep = (id: string, answer: S, unfinished: boolean) => {
    run.save(() => {
      state.resources.set(planned.name, { ...planned, id, ...outputsOf(planned, answer), unfinished });
      if (old) state.pendingDeletes.push({ ...old, pendingReplacement: false });
    });
  };
  const { hooks } = planned.options ?? {};
  await callHook(hooks?.beforeCreate);
  let partly = false;
  try {
    const { id, outs } = await retried(hooks, async () => {
      try {
        return await run.provider.create(wire(planned.inputs));
      } catch (error) {
        partly ||= isPartial(error);
        throw error;
      }
    });
    if (run.options.killedAfterCreate === planned.name) {
      run.save(() => {
        state.resources.delete(planned.name);
        if (old) state.pendingDeletes.push({ ...old, pendingReplacement: false });
      });
      await run.kill();
    }
    // If a try was done in part, the resource stays unfinished even after a later try succeeds.
    keep(id, withProvider(given(outs)), partly);
  } catch (error) {
    if (isPartial(error)) keep(error.id, error.properties as S, true);
    throw error;
  }
  await callHook(hooks?.afterCreate);
}

export async function update<I extends object, S extends object>(
  state: State<I, S>,
  run: Run<S>,
  planned: Planned<I, S>,
  old: StoredResource<I, S>,
): Promise<void> {
  const { hooks } = planned.options ?? {};
  await callHook(hooks?.beforeUpdate);
  let partly = false;
  try {
    const { outs } = await retried(hooks, async () => {
      try {
        return await run.provider.update(old.id, wire(old.outputs), wire(planned.inputs));
      } catch (error) {
        partly ||= isPartial(error);
        throw error;
      }
    });
    const now = outputsOf(planned, withProvider(given(outs)));
    run.save(() => state.resources.set(planned.name, { ...planned, id: old.id, ...now, unfinished: partly }));
  } catch (error) {
    // The old inputs stay, so the next check sees the change again.
    if (isPartial(error)) {
      const now = outputsOf(planned, error.properties as S);
      const { inputs, secretInputs = [] } = old;
      run.save(() =>
        state.resources.set(planned.name, { ...planned, inputs, secretInputs, id: old.id, ...now, unfinished: true }),
      );
    }
    throw error;
  }
  await callHook(hooks?.afterUpdate);
}

/**
 * Deletes a resource and then changes the state. A resource that is only read, or kept on purpose, is not sent to the
 * provider.
 */
export async function remove<I extends object, S extends object>(
  run: Run<S>,
  old: StoredResource<I, S>,
  asksProvider: boolean,
  then: () => void,
): Promise<void> {
  const { protect, retainOnDelete, id, hooks } = old.options ?? {};
  if (protect) throw new Error(`${old.name} is protected`);
  await callHook(hooks?.beforeDelete);
  if (asksProvider && !retainOnDelete && id === undefined) {
    await retried(hooks, () => {
      expectProvider(old.outputs);
      return run.provider.delete(old.id, wire(old.outputs));
    });
  }
  run.save(then);
  await callHook(hooks?.afterDelete);
}

/** The outputs in the provider's answer, and which of them the engine encrypts. */
function outputsOf<I, S extends object>({ options, secretInputs = [] }: Planned<I, S>, answer: S) {
  const shown = opened(wire(answer));
  const additional = (options?.additionalSecretOutputs ?? []).map((name) => JSON.stringify([name]));
  return { outputs: shown.values, secretOutputs: annotated(shown, [...secretInputs, ...additional]) };
}

async function retried<T>(hooks: Hooks | undefined, call: () => Promise<T>): Promise<T> {
  for (let tries = 1; ; tries += 1) {
    try {
      return await call();
    } catch (error) {
      const again = hooks?.onError === "again" ? tries <= maxTries : hooks?.onError === "once" && tries === 1;
      if (!again) throw error;
    }
  }
}

function callHook(hook: Hooks["beforeCreate"]): Promise<void> {
  return hook === "fails" ? Promise.reject(new Error("the hook fails")) : Promise.resolve();
}
