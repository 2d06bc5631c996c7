import { performance } from "node:perf_hooks";
import { execa } from "execa";
import { startSandbox, type Sandbox, type SandboxOptions } from "datadog-key-sandbox";
import type { Column } from "./columns.mts";
import { watchMemory } from "./peak-memory.mts";
import { commands, type Step } from "./steps.mts";
import type { Workplace } from "./workplace.mts";

const STACK = "bench";
const FLAGS = ["--non-interactive", "--color", "never"];

export interface Measured {
  seconds: number;
  /** Requests by method and route. */
  requests: Record<string, number>;
  /** Peak memory of the provider process in MiB. Undefined if the system does not show it. */
  peakMemory: number | undefined;
}

export interface LifeOptions {
  column: Column;
  keys: number;
  sandbox: SandboxOptions;
  /** More variables for each command. */
  env?: Readonly<Record<string, string>>;
  /** More flags for each step. */
  flags?: readonly string[];
}

/** One stack of one column, with its own sandbox. */
export class Life implements AsyncDisposable {
  readonly column: Column;
  readonly sandbox: Sandbox;
  readonly #folder: string;
  readonly #workplace: Workplace;
  readonly #env: NodeJS.ProcessEnv;
  readonly #flags: readonly string[];
  #renamed = false;

  private constructor(
    workplace: Workplace,
    { folder, env }: { folder: string; env: NodeJS.ProcessEnv },
    sandbox: Sandbox,
    { column, keys, env: more = {}, flags = [] }: LifeOptions,
  ) {
    this.column = column;
    this.sandbox = sandbox;
    this.#folder = folder;
    this.#workplace = workplace;
    this.#flags = flags;
    this.#env = {
      ...env,
      DD_HOST: sandbox.url,
      DD_API_KEY: sandbox.apiKey,
      DD_APP_KEY: sandbox.appKey,
      BENCH_KEYS: String(keys),
      ...more,
    };
  }

  static async begin(workplace: Workplace, options: LifeOptions): Promise<Life> {
    const { column } = options;
    const project = await workplace.project(column);
    const life = new Life(workplace, project, await startSandbox(options.sandbox), options);
    await life.#pulumi(["stack", "init", STACK]);
    // Every column gets the same amount of configuration, so that reading it does not distort the comparison.
    const key = column.apiVersion ? "datadog:apiVersion" : "bench:apiVersion";
    await life.#pulumi(["config", "set", key, column.apiVersion ?? "none", "--stack", STACK]);
    return life;
  }

  async step(step: Step): Promise<Measured> {
    if (step === "rename") this.#renamed = true;
    const before = this.sandbox.requests().length;
    const started = performance.now();
    const peakMemory = await this.#pulumi([...commands[step], ...this.#flags, "--stack", STACK]);
    const seconds = (performance.now() - started) / 1000;
    return { seconds, requests: byKind(this.sandbox.requests().slice(before)), peakMemory };
  }

  /** Size of the state, as `pulumi stack export` gives it. */
  async stateBytes(): Promise<number> {
    const { stdout } = await this.#run(["stack", "export", "--stack", STACK]);
    return Buffer.byteLength(stdout);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.sandbox.close();
  }

  async #pulumi(args: string[]): Promise<number | undefined> {
    const command = this.#run(args);
    const memory = command.pid === undefined ? undefined : watchMemory(command.pid, this.column.providerProcess);
    try {
      const { failed, all } = await command;
      this.#workplace.interruption.throwIfAborted();
      if (failed) throw new Error(`${this.column.name}: pulumi ${args.join(" ")} failed:\n${all}`);
    } finally {
      memory?.stop();
    }
    return memory?.stop();
  }

  #run(args: string[]) {
    const { engine, interruption } = this.#workplace;
    return execa(engine.command, [...FLAGS, ...args], {
      cwd: this.#folder,
      env: { ...this.#env, BENCH_NAME: this.#renamed ? "renamed" : "first" },
      extendEnv: false,
      stdin: "ignore",
      all: true,
      reject: false,
      cancelSignal: interruption,
      killSignal: "SIGINT",
    });
  }
}

function byKind(requests: readonly { method: string; route: string }[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const { method, route } of requests) {
    const kind = `${method} ${route}`;
    counts[kind] = (counts[kind] ?? 0) + 1;
  }
  return counts;
}
