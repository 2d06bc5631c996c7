import process from "node:process";
import { execa, type Options } from "execa";
import { descendants, signal } from "./processes.mts";

/** How long an interrupted CLI may take to finish the request that it is at. */
const GRACE_MS = 10_000;

/** The commands that read the stack's configuration. */
const CONFIGURED = new Set(["config", "destroy", "preview", "refresh", "up"]);

export interface TerminalOptions {
  /** The CLI. */
  command: string;
  cwd: string;
  env: NodeJS.ProcessEnv;
  /** The stack's configuration, kept outside of the project; not shown in the commands. */
  configFile: string;
  interruption: AbortSignal;
}

/** Runs the CLI in full view, with a word before each step. */
export class Terminal {
  readonly #options: TerminalOptions;
  #steps = 0;

  constructor(options: TerminalOptions) {
    this.#options = options;
  }

  /** What is about to happen, and what to look at. */
  say(text: string): void {
    this.#steps += 1;
    process.stdout.write(`\n${bold(`${this.#steps}. ${text}`)}\n`);
  }

  /** What came of it. */
  note(text: string): void {
    process.stdout.write(`${bold(`=> ${text}`)}\n`);
  }

  /** Runs a command that must succeed, and shows it with all that it says. */
  async pulumi(args: string[]): Promise<void> {
    process.stdout.write(`$ pulumi ${args.join(" ")}\n`);
    const { configFile, cwd } = this.#options;
    const flags = CONFIGURED.has(args[0] ?? "") ? ["--config-file", configFile] : [];
    await this.#run([...args, ...flags], { cwd, stdout: "inherit", stderr: "inherit" });
  }

  /** Runs a command that matters to nobody unless it fails. */
  async quietly(args: string[], cwd: string): Promise<void> {
    await this.#run(args, { cwd, stdout: "pipe", stderr: "pipe" });
  }

  async #run(args: string[], options: Pick<Options, "cwd" | "stdout" | "stderr">): Promise<void> {
    const { command, env, interruption } = this.#options;
    interruption.throwIfAborted();
    const child = execa(command, ["--non-interactive", "--color", color(), ...args], {
      ...options,
      env,
      extendEnv: false,
      stdin: "ignore",
      // A group of its own: Ctrl-C reaches the CLI once, from here, and not a second time, which would make it drop all.
      detached: true,
      killSignal: "SIGINT",
      forceKillAfterDelay: GRACE_MS,
    });
    const started = new Set<number>();
    const stop = async () => {
      if (child.pid !== undefined) for (const { pid } of await descendants(child.pid)) started.add(pid);
      child.kill();
    };
    const stopping: Promise<void>[] = [];
    const onAbort = () => {
      stopping.push(stop());
    };
    interruption.addEventListener("abort", onAbort);
    try {
      await child;
    } catch (error) {
      // An interrupted CLI fails because it was told to stop.
      if (!interruption.aborted) throw error;
    } finally {
      interruption.removeEventListener("abort", onAbort);
      await Promise.all(stopping);
      for (const pid of started) signal(pid, "SIGKILL");
    }
    interruption.throwIfAborted();
  }
}

function color(): string {
  return process.stdout.isTTY && !process.env["NO_COLOR"] ? "always" : "never";
}

function bold(text: string): string {
  return color() === "always" ? `\u001b[1m${text}\u001b[22m` : text;
}
