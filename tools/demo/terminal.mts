import process from "node:process";
import { stripVTControlCharacters } from "node:util";
import { execa, type Options } from "execa";
import { descendants, signal } from "../processes.mts";

/** How long an interrupted CLI may take to finish its current request. */
const GRACE_MS = 10_000;

/** The commands that read the stack's configuration. */
const CONFIGURED = new Set(["config", "destroy", "preview", "refresh", "up"]);

export interface TerminalOptions {
  /** The CLI. */
  command: string;
  cwd: string;
  env: NodeJS.ProcessEnv;
  /** The stack's configuration, kept outside the project and hidden in the shown commands. */
  configFile: string;
  interruption: AbortSignal;
  /** Whether to use colour. */
  color: boolean;
}

/** Runs the CLI visibly, with an explanation before each step. */
export class Terminal {
  readonly #options: TerminalOptions;
  #steps = 0;
  #pictured = "";

  constructor(options: TerminalOptions) {
    this.#options = options;
  }

  /** Says what is about to happen, and what to look at. */
  say(text: string): void {
    this.#steps += 1;
    process.stdout.write(`\n${this.#bold(`${this.#steps}. ${text}`)}\n`);
  }

  /** Says what happened. */
  note(text: string): void {
    process.stdout.write(`${this.#bold(`=> ${text}`)}\n`);
  }

  /** Runs a command that must succeed, and shows its output. Keeps the output if it is pictured. */
  async pulumi(args: string[], { pictured = false } = {}): Promise<void> {
    const prompt = `$ pulumi ${args.join(" ")}\n`;
    process.stdout.write(prompt);
    const { configFile, cwd } = this.#options;
    const flags = CONFIGURED.has(args[0] ?? "") ? ["--config-file", configFile] : [];
    const said = await this.#run([...args, ...flags], { cwd, stdout: ["inherit", "pipe"], stderr: "inherit" });
    if (pictured) this.#pictured += `${this.#bold(prompt.trim())}\n${withoutProgress(said).trim()}\n\n`;
  }

  /** The pictured commands and their output. */
  pictured(): string {
    return this.#pictured;
  }

  /** Runs a command whose output matters only if it fails. */
  async quietly(args: string[], cwd: string): Promise<void> {
    await this.#run(args, { cwd, stdout: "pipe", stderr: "pipe" });
  }

  async #run(args: string[], options: Pick<Options, "cwd" | "stdout" | "stderr">): Promise<string> {
    const { color, command, env, interruption } = this.#options;
    interruption.throwIfAborted();
    const child = execa(command, ["--non-interactive", "--color", color ? "always" : "never", ...args], {
      ...options,
      env,
      extendEnv: false,
      stdin: "ignore",
      // In its own process group, so that Ctrl-C reaches the CLI only once, from here. A second signal would make it
      // abort.
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
    let said = "";
    try {
      said = String((await child).stdout);
    } catch (error) {
      // An interrupted CLI fails because it was stopped.
      if (!interruption.aborted) throw error;
    } finally {
      interruption.removeEventListener("abort", onAbort);
      await Promise.all(stopping);
      for (const pid of started) signal(pid, "SIGKILL");
    }
    interruption.throwIfAborted();
    return said;
  }

  #bold(text: string): string {
    return this.#options.color ? `\u001b[1m${text}\u001b[22m` : text;
  }
}

/** A terminal would show the dots that count seconds on one line and then remove them. */
function withoutProgress(text: string): string {
  const lines = text.split("\n").filter((line) => !/^@ \w+\.+$/.test(stripVTControlCharacters(line)));
  return lines.join("\n").replace(/\n{3,}/g, "\n\n");
}
