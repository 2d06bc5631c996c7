import { execa } from "execa";
import { type Answer, atTerminal } from "./at-terminal.ts";
import { report } from "../../support/figures.ts";
import { CLI_COMMANDS } from "../../../tools/figures.mts";
import { commandResult, type CommandResult } from "./command-result.ts";
import { RunningCommand } from "./running-command.ts";

const COMMON = ["--non-interactive", "--color", "never"];
/** What starts a provider, and most of them the program. */
const COSTLY = ["up", "preview", "refresh", "destroy", "import"];

export interface UpdateOptions {
  /** More flags of the CLI's, such as `--refresh` or `--target`. */
  flags?: string[];
  /** Variables for this command only. */
  env?: Record<string, string>;
}

interface CommandOptions {
  env?: Record<string, string>;
  /** For the command's standard input. */
  input?: string;
}

/** A stack, driven by the real CLI. */
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

  /** `pulumi up`, without the preview before it, which costs as much again. */
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

  /** The state, as text: for searching it for what must not be there, and for `JSON.parse`. */
  async export(): Promise<string> {
    return (await this.succeed(["stack", "export", "--stack", this.name])).stdout;
  }

  /** Brings a state back that was exported, perhaps changed. */
  async import(state: string): Promise<void> {
    await this.succeed(["stack", "import", "--stack", this.name], { input: state });
  }

  /**
   * Has the state say that its keys were made an hour ago, and so the ones that they have replaced: a missed key counts as
   * gone only once it is older than Datadog's reads may be late, and most keys are.
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

  /** Any other command, whatever comes of it. */
  async run(args: string[], { env = {}, input = "" }: CommandOptions = {}): Promise<CommandResult> {
    count(args);
    return commandResult(await execa(this.#engine, [...COMMON, ...args], { ...this.#options(env), input }));
  }

  /** Any other command that must not fail. */
  async succeed(args: string[], options: CommandOptions = {}): Promise<CommandResult> {
    const result = await this.run(args, options);
    if (result.exitCode !== 0) throw new Error(`pulumi ${args.join(" ")} failed:\n${result.all}`);
    return result;
  }

  /** Runs another program in the project's folder, with the variables that the CLI gets. */
  async runOther(file: string, args: string[], { env = {}, input = "" }: CommandOptions = {}): Promise<CommandResult> {
    return commandResult(await execa(file, args, { ...this.#options(env), input }));
  }

  /** The same at a terminal, with what the user types. */
  async runAtTerminal(file: string, args: string[], answers: Answer[]): Promise<CommandResult> {
    return atTerminal([file, ...args], answers, { cwd: this.#folder, env: this.#env, extendEnv: false });
  }

  /** Starts one, to be ended in the middle. */
  spawnOther(file: string, args: string[], { env = {} }: { env?: Record<string, string> } = {}): RunningCommand {
    const child = execa(file, args, { ...this.#options(env), stdin: "ignore" });
    return new RunningCommand(child, child.then(commandResult));
  }

  /** Starts a command such as `["up", "--yes"]`, to be killed in the middle. */
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
