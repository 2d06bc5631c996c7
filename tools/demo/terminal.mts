import process from "node:process";
import { stripVTControlCharacters } from "node:util";
import { execa, type Options } from "execa";
import { descendants, signal } from "../processes.mts";

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
  /** Whether the CLI and the words between are in colour. */
  color: boolean;
}

/** Runs the CLI in full view, with a word before each step. */
export class Terminal {
  readonly #options: TerminalOptions;
  #steps = 0;
  #pictured = "";

  constructor(options: TerminalOptions) {
    this.#options = options;
  }

  /** What is about to happen, and what to look at. */
  say(text: string): void {
    this.#steps += 1;
    process.stdout.write(`\n${this.#bold(`${this.#steps}. ${text}`)}\n`);
  }

  /** What came of it. */
  note(text: string): void {
    process.stdout.write(`${this.#bold(`=> ${text}`)}\n`);
  }

  /** Runs a command that must succeed, and shows it with all that it says; what is pictured is kept too. */
  async pulumi(args: string[], { pictured = false } = {}): Promise<void> {
    const prompt = `$ pulumi ${args.join(" ")}\n`;
    process.stdout.write(prompt);
    const { configFile, cwd } = this.#options;
    const flags = CONFIGURED.has(args[0] ?? "") ? ["--config-file", configFile] : [];
    const said = await this.#run([...args, ...flags], { cwd, stdout: ["inherit", "pipe"], stderr: "inherit" });
    if (pictured) this.#pictured += `${this.#bold(prompt.trim())}\n${withoutProgress(said).trim()}\n\n`;
  }

  /** The commands that were to be pictured, with what they said. */
  pictured(): string {
    return this.#pictured;
  }

  /** Runs a command that matters to nobody unless it fails. */
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
    let said = "";
    try {
      said = String((await child).stdout);
    } catch (error) {
      // An interrupted CLI fails because it was told to stop.
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

/** A terminal would show the dots that count seconds on one line, and then no more. */
function withoutProgress(text: string): string {
  const lines = text.split("\n").filter((line) => !/^@ \w+\.+$/.test(stripVTControlCharacters(line)));
  return lines.join("\n").replace(/\n{3,}/g, "\n\n");
}
