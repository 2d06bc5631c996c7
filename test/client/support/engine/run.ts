import type { CommandOptions, Outcome, Process } from "./types";

/** One command at work. */
export class Run<S> {
  readonly errors: Error[] = [];
  /** Resources that the program has registered. */
  readonly registered = new Set<string>();
  /** Those that are replaced. */
  readonly replaced = new Set<string>();
  /** Those that were deleted since they depend on one that is deleted before it is replaced. */
  readonly deletedBefore = new Set<string>();
  /** What is targeted because of what it depends on. */
  readonly #dependents = new Set<string>();
  /** What ends later than its process has changed nothing. */
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
    return { errors: [...this.errors], told: this.process.told, died: how === "died" };
  }

  /** Ends the engine, and with it the provider's process: nothing goes on from here. */
  async kill(): Promise<never> {
    this.#over = true;
    this.#kill("died");
    return new Promise(() => undefined);
  }

  get provider() {
    return this.process.provider;
  }

  /** Whether the engine begins nothing more. */
  get stopped(): boolean {
    return this.errors.length > 0 && !this.options.continueOnError;
  }

  /** Whether the command is for a resource, which depends on some others. */
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

  /** Some steps that do not depend on each other. */
  async all(steps: readonly (() => Promise<void>)[]): Promise<void> {
    if (this.options.parallel !== false) await Promise.all(steps.map((step) => this.attempt(step)));
    else for (const step of steps) await this.attempt(step);
  }
}
