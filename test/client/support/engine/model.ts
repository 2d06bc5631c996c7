import { deleteTheRest } from "./deletes";
import { type Declared, plan } from "./plan";
import { refreshAll } from "./refresh";
import { Run } from "./run";
import { opened } from "./secrets";
import { State, dependenciesOf } from "./state";
import type { CommandOptions, Outcome, Process, StoredResource } from "./types";
import { Reference, wire } from "./wire";

/**
 * The part of Pulumi's engine that a provider can observe: the order of its calls, what it stores after each, and a new
 * provider process for every command. Tests compare it with recordings of the real engine (test/client/parity).
 */
export abstract class EngineModel<I extends object, S extends object, O extends CommandOptions = CommandOptions> {
  protected readonly kept = new State<I, S>();

  protected abstract start(options: O): Process<S>;

  /** The inputs that the resource's constructor adds. */
  protected hidden?(name: string, options: O): object;

  /** The resources in the state, by name. */
  get resources(): ReadonlyMap<string, StoredResource<I, S>> {
    return this.kept.resources;
  }

  /** All resources in the state, including those that are replaced and not yet deleted. */
  state(): StoredResource<I, S>[] {
    return this.kept.all();
  }

  up(program: Readonly<Record<string, I>>, options: O): Promise<Outcome> {
    return this.command(options, async (run) => {
      if (options.refresh && !options.runProgram) await refreshAll(this.kept, run);
      if (!run.stopped) await this.register(run, program, options);
      // The engine deletes at the end, and only if the program has not failed.
      if (run.errors.length === 0 || (options.continueOnError && options.inline)) await deleteTheRest(this.kept, run);
    });
  }

  async preview(program: Readonly<Record<string, I>>, options: O): Promise<Outcome> {
    const restore = this.kept.remember();
    const run = new Run(this.start(options), options, true);
    const work = async () => {
      if (options.refresh) await refreshAll(this.kept, run);
      if (!run.stopped) await this.register(run, program, options);
    };
    return run.finish(work()).finally(restore);
  }

  refresh(options: O): Promise<Outcome> {
    return this.command(options, (run) => refreshAll(this.kept, run));
  }

  destroy(options: O): Promise<Outcome> {
    return this.command(options, async (run) => {
      if (options.refresh) await refreshAll(this.kept, run);
      if (!run.stopped) await deleteTheRest(this.kept, run);
    });
  }

  /** `pulumi state taint` */
  taint(name: string): void {
    const old = this.kept.resources.get(name);
    if (!old) throw new Error(`the state has no ${name}`);
    this.kept.resources.set(name, { ...old, tainted: true });
  }

  /** `pulumi state delete` */
  forget(name: string): void {
    this.kept.resources.delete(name);
  }

  /** `pulumi import --file` with inputs and outputs. The engine does not call read. */
  importResource(name: string, { id, inputs, outputs }: { id: string; inputs: I; outputs?: S }, options: O) {
    return this.command(options, async (run) => {
      if (!outputs) throw new Error("the SDK finds no provider to read with");
      const [wanted, shown] = [opened(inputs), opened(outputs)];
      await run.provider.check(wire(wanted.values), wire(wanted.values));
      this.kept.resources.set(name, {
        name,
        id,
        inputs: wanted.values,
        secretInputs: wanted.secrets,
        outputs: shown.values,
        secretOutputs: shown.secrets,
        unfinished: false,
      });
    });
  }

  private async command(options: O, work: (run: Run<S>) => Promise<void>): Promise<Outcome> {
    const run = new Run(this.start(options), options);
    return run.finish(run.attempt(() => work(run)).then(() => undefined));
  }

  /** Plans the resources of the program in order, and runs their steps in parallel or one at a time. */
  private async register(run: Run<S>, program: Readonly<Record<string, I>>, flags: O): Promise<void> {
    const done = new Map<string, Promise<boolean>>();
    for (const [name, inputs] of Object.entries(program)) {
      if (run.options.parallel === false && run.stopped) break;
      const declared = { name, inputs, options: flags.options?.[name] ?? {}, hidden: this.hidden?.(name, flags) ?? {} };
      const awaited = await Promise.all(waitsFor(declared).map(async (other) => done.get(other)));
      if (awaited.includes(false)) continue;
      const before = run.errors.length;
      const step = await run.attempt(() => plan(this.kept, run, declared));
      const failed = run.errors.length > before;
      const end = step && !run.preview ? run.attempt(() => step().then(() => true)) : Promise.resolve(!failed);
      done.set(
        name,
        end.then((succeeded) => succeeded === true),
      );
      if (run.options.parallel === false) await end;
    }
    await Promise.all(done.values());
  }
}

function waitsFor<I extends object>({ name, inputs, options }: Omit<Declared<I>, "hidden">): string[] {
  const sources = Object.entries(inputs).flatMap(([input, value]) =>
    value instanceof Reference ? [[input, value.resource] as const] : [],
  );
  return dependenciesOf({
    name,
    id: "",
    inputs: {},
    outputs: {},
    unfinished: false,
    options,
    sources: Object.fromEntries(sources),
  });
}
