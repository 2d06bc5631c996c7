import { dependentsToReplace, replacedWith } from "./dependents";
import { refreshOne } from "./refresh";
import type { Run } from "./run";
import type { State } from "./state";
import { type Planned, create, remove, update } from "./steps";
import type { ResourceOptions, StoredResource } from "./types";
import { type Opened, Secret, annotated, opened } from "./secrets";
import { Reference, UNKNOWN, given, wire, withProvider } from "./wire";

/** A resource as the program declares it. */
export interface Declared<I> {
  readonly name: string;
  readonly inputs: I;
  readonly options: ResourceOptions;
  /** The inputs that the resource's constructor adds. */
  readonly hidden: object;
}

/** The provider refuses the inputs. */
class CheckFailed extends Error {
  override name = "CheckFailed";
}

type Step = () => Promise<void>;

/**
 * Calls check and diff, as the engine does when the program registers a resource.
 * @returns the step to run, if any
 */
export async function plan<I extends object, S extends object>(
  state: State<I, S>,
  run: Run<S>,
  declared: Declared<I>,
): Promise<Step | undefined> {
  const { name, options } = declared;
  const known = storedResourceOf(state, declared);
  if (known && known.name !== name) rename(state, known, name);
  if (!run.includes(name, Object.values(sourcesOf(declared)))) {
    if (known) run.registered.add(name);
    return undefined;
  }
  let old = state.resources.get(name);
  if (old && run.options.refresh && run.options.runProgram) old = await refreshOne(state, run, old);
  run.registered.add(name);
  const inputs = resolved(state, run, declared);
  if (options.id !== undefined) return () => read(state, run, declared, inputs.values);
  const planned = ({ values, secrets }: Opened<I>): Planned<I, S> => ({
    name,
    inputs: values,
    secretInputs: secrets,
    options,
    sources: sourcesOf(declared),
  });

  if (!old || run.deletedBefore.has(name)) {
    const made = planned(await check(run, undefined, inputs));
    if (old) run.replaced.add(name);
    return () => create(state, run, made);
  }
  const isForced = old.tainted ?? run.options.replace?.includes(name);
  if (isForced) return replace(state, run, planned(await check(run, undefined, inputs)), old);

  const checked = await check(run, old.inputs, ignoring(inputs, old, options.ignoreChanges));
  const recheck = async () => replace(state, run, planned(await check(run, undefined, inputs)), given(old));
  const isTriggered = differs(options.replacementTrigger, old.options?.replacementTrigger);
  if (isTriggered || options.replaceWith?.some((other) => run.replaced.has(other))) return recheck();
  const diff = await run.provider.diff(old.id, wire(old.outputs), wire(checked.values));
  if ((diff.replaces ?? []).length > 0 || old.pendingReplacement) {
    if (old.options?.protect && options.protect) throw new Error(`${name} is protected`);
    return recheck();
  }
  if (diff.changes || old.unfinished) return () => update(state, run, planned(checked), given(old));
  // There is no step, but the engine stores the options of the program.
  const same = { ...old, ...planned(checked) };
  run.save(() => {
    state.resources.set(name, same);
  });
  return undefined;
}

/**
 * Creates the replacement first and deletes the old resource at the end, or with `deleteBeforeReplace` deletes the old
 * resource and its dependents first.
 */
async function replace<I extends object, S extends object>(
  state: State<I, S>,
  run: Run<S>,
  planned: Planned<I, S>,
  old: StoredResource<I, S>,
): Promise<Step> {
  run.replaced.add(planned.name);
  if (!planned.options?.deleteBeforeReplace) return () => create(state, run, planned, old);
  const dependents = [...(await dependentsToReplace(state, run, old)), ...replacedWith(state, old.name)];
  for (const { name } of dependents) run.deletedBefore.add(name);
  const toDelete = [...dependents.reverse(), old].filter(({ pendingReplacement }) => !pendingReplacement);
  return async () => {
    for (const one of toDelete)
      await remove(run, one, true, () => {
        state.change(one, { ...one, pendingReplacement: true });
      });
    await create(state, run, planned);
  };
}

/** `X.get`: the engine reads a resource that it does not manage. */
async function read<I extends object, S extends object>(
  state: State<I, S>,
  run: Run<S>,
  { name, options }: Declared<I>,
  inputs: I,
): Promise<void> {
  const { id = "", props } = await run.provider.read(given(options.id), wire(inputs) as unknown as S);
  run.save(() => {
    const { values: outputs, secrets: secretOutputs } = opened(given(props));
    state.resources.set(name, { name, id, inputs, outputs, secretOutputs, unfinished: false, options });
  });
}

async function check<I extends object, S>(
  run: Run<S>,
  olds: Partial<I> | undefined,
  news: Opened<I>,
): Promise<Opened<I>> {
  const { inputs, failures = [] } = await run.provider.check(wire({ ...olds }), wire(news.values));
  if (failures.length > 0) throw new CheckFailed(failures.map(({ reason }) => reason).join("; "));
  const answer = opened(wire(given(inputs)) as I);
  return { values: withProvider(answer.values), secrets: annotated(answer, news.secrets) };
}

function storedResourceOf<I, S>(state: State<I, S>, { name, options }: Declared<I>): StoredResource<I, S> | undefined {
  return [name, ...(options.aliases ?? [])].map((known) => state.resources.get(known)).find((old) => old !== undefined);
}

function rename<I, S>(state: State<I, S>, old: StoredResource<I, S>, name: string): void {
  state.resources.delete(old.name);
  state.resources.set(name, { ...old, name });
}

function differs(one: string | undefined, other: string | undefined): boolean {
  return one !== undefined && other !== undefined && one !== other;
}

function ignoring<I extends object, S>(
  { values, secrets }: Opened<I>,
  old: StoredResource<I, S>,
  ignored: readonly string[] = [],
): Opened<I> {
  const kept = Object.entries(old.inputs).filter(([input]) => ignored.includes(input));
  const isIgnored = (path: string) => ignored.includes((JSON.parse(path) as string[])[0] ?? "");
  return {
    values: { ...values, ...Object.fromEntries(kept) },
    secrets: [...secrets.filter((path) => !isIgnored(path)), ...(old.secretInputs ?? []).filter(isIgnored)],
  };
}

function sourcesOf<I extends object>({ inputs }: Declared<I>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(inputs).flatMap(([input, value]) => (value instanceof Reference ? [[input, value.resource]] : [])),
  );
}

/**
 * Resolves the references among the inputs. In a preview, the outputs of a resource that would be created are unknown.
 */
function resolved<I extends object, S extends object>(
  state: State<I, S>,
  run: Run<S>,
  { inputs, hidden }: Declared<I>,
): Opened<I> {
  const valueOf = ({ resource, output }: Reference): unknown => {
    const source = state.resources.get(resource);
    if (run.preview && (!source || run.replaced.has(resource))) return UNKNOWN;
    const value = (source?.outputs as Record<string, unknown> | undefined)?.[output];
    return source?.secretOutputs?.includes(JSON.stringify([output])) ? new Secret(value) : value;
  };
  const values = Object.entries(inputs).map(([input, value]) => [
    input,
    value instanceof Reference ? valueOf(value) : (value as unknown),
  ]);
  return opened(withProvider({ ...Object.fromEntries(values), ...hidden } as I));
}
