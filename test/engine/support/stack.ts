import { execa } from "execa";
import { type Answer, atTerminal } from "./at-terminal.ts";
import { report } from "../../support/figures.ts";
import { CLI_COMMANDS } from "../../../tools/figures.mts";
import { commandResult, type CommandResult } from "./command-result.ts";
import { RunningCommand } from "./running-command.ts";

const COMMON = ["--non-interactive", "--color", "never"];
/** Options of commands that start a provider. */
const COSTLY = ["up", "preview", "refresh", "destroy", "import"];

export interface UpdateOptions {
  /** More flags of the CLI, such as `--refresh` or `--target`. */
  flags?: string[];
  /** Environment variables for this command only. */
  env?: Record<string, string>;
}

interface CommandOptions {
  env?: Record<string, string>;
  /** The command's standard input. */
  input?: string;
}

/** A stack that the real CLI manages. */
export class Stack {
  readonly name: string;
  readonly #folder: string;
  readonly #engine: string;
  readonly #env: NodeJS.ProcessEnv;

  constructor(name: string, folder: string, engine: string, env: NodeJS.ProcessEnv) {
    this.name = name;
    this.#folder = folder;
    this.#engine = engine;
    this.#env = env;
  }

  /** `pulumi up` without the preview, which would double the time. */
  up(options?: UpdateOptions): Promise<CommandResult> {
    return this.#update(["up", "--yes", "--skip-preview"], options);
  }

  preview(options?: UpdateOptions): Promise<CommandResult> {
    return this.#update(["preview", "--diff"], options);
  }

  refresh(options?: UpdateOptions): Promise<CommandResult> {
    return this.#update(["refresh", "--yes", "--skip-preview"], options);
  }

  destroy(options?: UpdateOptions): Promise<CommandResult> {
    return this.#update(["destroy", "--yes", "--skip-preview"], options);
  }

  /** The state as text, for searches and for `JSON.parse`. */
  async export(): Promise<string> {
    return (await this.succeed(["stack", "export", "--stack", this.name])).stdout;
  }

  /** Imports an exported state, perhaps after a change. */
  async import(state: string): Promise<void> {
    await this.succeed(["stack", "import", "--stack", this.name], { input: state });
  }

  /**
   * Changes the creation times in the state to an hour ago. A missing key counts as gone only if it is older than
   * Datadog's reads can be late, as most keys are.
   */
  async makeKeysOlder(): Promise<void> {
    const anHourAgo = new Date(Date.now() - 3_600_000).toISOString();
    const older = (field: string, value: unknown) => (field === "createdAt" ? anHourAgo : value);
    await this.import(JSON.stringify(JSON.parse(await this.export()), older));
  }

  async outputs({ showSecrets = false } = {}): Promise<Record<string, unknown>> {
    const flags = showSecrets ? ["--show-secrets"] : [];
    const { stdout } = await this.succeed(["stack", "output", "--json", "--stack", this.name, ...flags]);
    return JSON.parse(stdout) as Record<string, unknown>;
  }

  async setConfig(key: string, value: string, { secret = false } = {}): Promise<void> {
    const kind = secret ? "--secret" : "--plaintext";
    await this.succeed(["config", "set", "--stack", this.name, kind, key, "--", value]);
  }

  async removeConfig(key: string): Promise<void> {
    await this.succeed(["config", "rm", "--stack", this.name, key]);
  }

  /** Runs any other command, which may fail. */
  async run(args: string[], { env = {}, input = "" }: CommandOptions = {}): Promise<CommandResult> {
    count(args);
    return commandResult(await execa(this.#engine, [...COMMON, ...args], { ...this.#options(env), input }));
  }

  /** Runs any other command, which must succeed. */
  async succeed(args: string[], options: CommandOptions = {}): Promise<CommandResult> {
    const result = await this.run(args, options);
    if (result.exitCode !== 0) throw new Error(`pulumi ${args.join(" ")} failed:\n${result.all}`);
    return result;
  }

  /** Runs another program in the project's folder, with the CLI's environment variables. */
  async runOther(file: string, args: string[], { env = {}, input = "" }: CommandOptions = {}): Promise<CommandResult> {
    return commandResult(await execa(file, args, { ...this.#options(env), input }));
  }

  /** Runs another program at a terminal, with the answers of the user. */
  async runAtTerminal(file: string, args: string[], answers: Answer[]): Promise<CommandResult> {
    return atTerminal([file, ...args], answers, { cwd: this.#folder, env: this.#env, extendEnv: false });
  }

  /** Starts another program, for tests that kill it. */
  spawnOther(file: string, args: string[], { env = {} }: { env?: Record<string, string> } = {}): RunningCommand {
    const child = execa(file, args, { ...this.#options(env), stdin: "ignore" });
    return new RunningCommand(child, child.then(commandResult));
  }

  /** Starts a command such as `["up", "--yes"]`, for tests that kill it. */
  spawn(args: string[], { env = {} }: { env?: Record<string, string> } = {}): RunningCommand {
    count(args);
    const child = execa(this.#engine, [...COMMON, ...args, "--stack", this.name], {
      ...this.#options(env),
      stdin: "ignore",
    });
    return new RunningCommand(child, child.then(commandResult));
  }

  #update(args: string[], { flags = [], env = {} }: UpdateOptions = {}): Promise<CommandResult> {
    return this.run([...args, "--stack", this.name, ...flags], { env });
  }

  #options(env: Record<string, string>) {
    return { cwd: this.#folder, env: { ...this.#env, ...env }, extendEnv: false, all: true, reject: false } as const;
  }
}

function count([command = ""]: readonly string[]): void {
  if (COSTLY.includes(command)) report({ [CLI_COMMANDS]: 1 });
}
