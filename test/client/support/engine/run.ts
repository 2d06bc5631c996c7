import type { CommandOptions, Outcome, Process } from "./types";

/** One running command. */
export class Run<S> {
  readonly errors: Error[] = [];
  /** Resources that the program has registered. */
  readonly registered = new Set<string>();
  /** Resources that this command replaces. */
  readonly replaced = new Set<string>();
  /**
   * Resources that were deleted because they depend on a resource that is deleted before its replacement is created.
   */
  readonly deletedBefore = new Set<string>();
  /** Resources that are targeted because they depend on a target. */
  readonly #dependents = new Set<string>();
  /** After the end of the process, no step may change the state. */
  #over = false;

  #kill: (how: "died") => void = () => undefined;
  readonly #killed = new Promise<"died">((resolve) => (this.#kill = resolve));

  constructor(
    readonly process: Process<S>,
    readonly options: CommandOptions,
    readonly preview = false,
  ) {}

  /** Runs the command until it ends or dies. */
  async finish(work: Promise<void>): Promise<Outcome> {
    const how = await Promise.race([work, this.process.died, this.#killed]);
    this.#over = true;
    return { errors: [...this.errors], printed: this.process.printed, died: how === "died" };
  }

  /** Ends the engine and the provider process. The returned promise never resolves. */
  async kill(): Promise<never> {
    this.#over = true;
    this.#kill("died");
    return new Promise(() => undefined);
  }

  get provider() {
    return this.process.provider;
  }

  /** Whether the engine starts no further steps. */
  get stopped(): boolean {
    return this.errors.length > 0 && !this.options.continueOnError;
  }

  /** Whether the options of the command select a resource with these dependencies. */
  includes(name: string, dependencies: readonly string[] = []): boolean {
    const { target, targetDependents, exclude } = this.options;
    if (!target) return !exclude?.includes(name);
    if (targetDependents && dependencies.some((other) => this.#dependents.has(other) || target.includes(other)))
      this.#dependents.add(name);
    return target.includes(name) || this.#dependents.has(name);
  }

  save(change: () => void): void {
    if (!this.#over) change();
  }

  async attempt<T>(step: () => Promise<T>): Promise<T | undefined> {
    try {
      return await step();
    } catch (error) {
      this.errors.push(error instanceof Error ? error : new Error(String(error)));
      return undefined;
    }
  }

  /** Runs steps that do not depend on each other. */
  async all(steps: readonly (() => Promise<void>)[]): Promise<void> {
    if (this.options.parallel !== false) await Promise.all(steps.map((step) => this.attempt(step)));
    else for (const step of steps) await this.attempt(step);
  }
}
