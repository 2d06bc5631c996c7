import type { KeyInputs, KeyState } from "../../../provider/lifecycle/model/properties";
import type { Provider } from "../../../provider/lifecycle/provider";
import type { Sandbox } from "../../../sandbox/index";
import { type ProcessOptions, ProviderProcess } from "./provider-process";

/** What a program declares: a key for each name of a resource. */
export type Program = Readonly<Record<string, KeyInputs>>;

/** A resource as the engine keeps it in state. */
export interface StoredResource {
  readonly id: string;
  readonly inputs: Partial<KeyInputs>;
  readonly outputs: KeyState;
  /** Partly done: the engine updates it in the next run even if nothing has changed. */
  readonly unfinished: boolean;
}

export interface RunOptions extends ProcessOptions {
  /** Whether operations run together, as in the engine, or one after the other. @default true */
  readonly parallel?: boolean;
}

/** How a command ended. */
export interface Outcome {
  readonly errors: readonly Error[];
  readonly told: readonly string[];
  readonly died: boolean;
}

/**
 * The part of Pulumi's engine that matters to a provider: the order of its calls, what it keeps in state after each, and
 * a new provider process for every command. (step_generator.go, step.go; test/engine has the real one.)
 */
export class Stack {
  readonly resources = new Map<string, StoredResource>();
  /** Replaced and not yet deleted. */
  private condemned: StoredResource[] = [];

  constructor(private readonly sandbox: Pick<Sandbox, "url" | "apiKey" | "appKey">) {}

  /** What the state holds, the condemned ones included. */
  state(): StoredResource[] {
    return [...this.resources.values(), ...this.condemned];
  }

  async up(program: Program, options: RunOptions = {}): Promise<Outcome> {
    return this.run(options, async (run) => {
      const running: Promise<void>[] = [];
      for (const [resource, declared] of Object.entries(program)) {
        const step = await run.attempt(() => this.plan(run, resource, declared));
        const done = step ? run.attempt(step) : Promise.resolve();
        running.push(done);
        if (options.parallel === false) await done;
      }
      await Promise.all(running);
      // The engine deletes last, and only where nothing has failed.
      if (run.errors.length > 0) return;
      const deletes = this.condemned.map((old) => () => this.deleteCondemned(run, old));
      for (const resource of this.resources.keys())
        if (!(resource in program)) deletes.push(() => this.deleteResource(run, resource));
      await run.all(deletes, options.parallel);
    });
  }

  destroy(options: RunOptions = {}): Promise<Outcome> {
    return this.up({}, options);
  }

  async refresh(options: RunOptions = {}): Promise<Outcome> {
    return this.run(options, (run) =>
      run.all(
        [...this.resources].map(([resource, { id, outputs, inputs }]) => async () => {
          const read = await run.provider.read(id, wire(outputs));
          if (!read.id) this.resources.delete(resource);
          else
            this.resources.set(resource, {
              id: read.id,
              outputs: wire(given(read.props)),
              inputs: wire(read.inputs ?? inputs),
              unfinished: false,
            });
        }),
        options.parallel,
      ),
    );
  }

  private async run(options: RunOptions, work: (run: Run) => Promise<void>): Promise<Outcome> {
    const process = new ProviderProcess(this.sandbox, options);
    const run = new Run(process);
    const how = await Promise.race([work(run), process.died]);
    run.over = true;
    return { errors: [...run.errors], told: process.told, died: how === "died" };
  }

  /** Checks and compares, and gives what is to be done, if anything. */
  private async plan(run: Run, resource: string, declared: KeyInputs): Promise<(() => Promise<void>) | undefined> {
    const old = this.resources.get(resource);
    const inputs = await check(run.provider, old?.inputs, declared);
    if (!old) return () => this.create(run, resource, inputs);
    const diff = await run.provider.diff(old.id, wire(old.outputs), wire({ ...inputs }));
    if ((diff.replaces ?? []).length > 0) {
      await check(run.provider, undefined, declared);
      return () => this.create(run, resource, inputs, old);
    }
    return diff.changes || old.unfinished ? () => this.update(run, resource, old, inputs) : undefined;
  }

  private async create(run: Run, resource: string, inputs: KeyInputs, old?: StoredResource): Promise<void> {
    const keep = (made: StoredResource) => {
      this.resources.set(resource, made);
      if (old) this.condemned.push(old);
    };
    try {
      const { id, outs } = await run.provider.create(wire({ ...inputs }));
      run.save(() => {
        keep({ id, inputs, outputs: wire(given(outs)), unfinished: false });
      });
    } catch (error) {
      if (isPartial(error))
        run.save(() => {
          keep({ id: error.id, inputs, outputs: wire(error.properties), unfinished: true });
        });
      throw error;
    }
  }

  private async update(run: Run, resource: string, old: StoredResource, inputs: KeyInputs): Promise<void> {
    const keep = (outputs: KeyState, unfinished: boolean) => {
      run.save(() => this.resources.set(resource, { id: old.id, inputs, outputs: wire(outputs), unfinished }));
    };
    try {
      const { outs } = await run.provider.update(old.id, wire(old.outputs), wire({ ...inputs }));
      keep(given(outs), false);
    } catch (error) {
      if (isPartial(error)) keep(error.properties, true);
      throw error;
    }
  }

  private async deleteResource(run: Run, resource: string): Promise<void> {
    const old = this.resources.get(resource);
    if (!old) return;
    await run.provider.delete(old.id, wire(old.outputs));
    run.save(() => this.resources.delete(resource));
  }

  private async deleteCondemned(run: Run, old: StoredResource): Promise<void> {
    await run.provider.delete(old.id, wire(old.outputs));
    run.save(() => (this.condemned = this.condemned.filter((other) => other !== old)));
  }
}

async function check(provider: Provider, olds: Partial<KeyInputs> | undefined, news: KeyInputs): Promise<KeyInputs> {
  const { inputs, failures = [] } = await provider.check(wire({ ...olds }), wire({ ...news }));
  if (failures.length > 0) throw new Error(failures.map(({ reason }) => reason).join("; "));
  return inputs as unknown as KeyInputs;
}

/** One command at work. */
class Run {
  readonly errors: Error[] = [];
  /** What ends later than its process has changed nothing. */
  over = false;

  constructor(private readonly process: ProviderProcess) {}

  get provider() {
    return this.process.provider;
  }

  save(change: () => unknown): void {
    if (!this.over) change();
  }

  async attempt<T>(step: () => Promise<T>): Promise<T | undefined> {
    try {
      return await step();
    } catch (error) {
      this.errors.push(error instanceof Error ? error : new Error(String(error)));
      return undefined;
    }
  }

  async all(steps: readonly (() => Promise<void>)[], parallel = true): Promise<void> {
    if (parallel) await Promise.all(steps.map((step) => this.attempt(step)));
    else for (const step of steps) await this.attempt(step);
  }
}

/** What the engine's plugin looks for in an error. */
function isPartial(error: unknown): error is Error & { id: string; properties: KeyState } {
  return error instanceof Error && "id" in error && "properties" in error;
}

/** The SDK's types leave open what this provider always answers. */
function given<T>(value: T | undefined): T {
  if (value === undefined) throw new Error("the provider answered nothing");
  return value;
}

/** Between the engine and a provider everything goes as protobuf: plain data, nothing undefined, nothing shared. */
function wire<T>(value: T): T {
  return value === undefined ? value : (JSON.parse(JSON.stringify(value)) as T);
}
