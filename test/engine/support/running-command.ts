import type { ChildProcess } from "node:child_process";
import { setTimeout as delay } from "node:timers/promises";
import { vi } from "vitest";
import type { ProcessDescriptor } from "ps-list";
import { descendants, signal, stillThere } from "../../../tools/processes.mts";
import type { CommandResult } from "./command-result.ts";

/**
 * The provider process runs this script. The SDK's launcher first starts a short `node -e …`, which names only the
 * folder, to find the script.
 */
const PROVIDER = /[\\/]cmd[\\/]dynamic-provider[\\/]index\.js(?:\s|$)/;

type Child = Pick<ChildProcess, "exitCode" | "kill" | "pid" | "signalCode">;

/** A running command of the CLI, for tests that kill it. */
export class RunningCommand {
  /** Settles when the CLI has ended for any reason. */
  readonly finished: Promise<CommandResult>;
  readonly #child: Child;
  /** All processes seen so far. After the CLI is killed, its remaining processes are no longer its children. */
  readonly #seen = new Map<number, ProcessDescriptor>();

  constructor(child: Child, finished: Promise<CommandResult>) {
    this.#child = child;
    this.finished = finished;
  }

  get pid(): number {
    if (this.#child.pid === undefined) throw new Error("pulumi did not start");
    return this.#child.pid;
  }

  /**
   * Waits for the provider process and returns its id. With `--refresh` the engine also starts a process that serves
   * nothing. That process loads no provider, so it does not notice a killed CLI.
   */
  async providerPid(): Promise<number> {
    while (!this.#hasEnded) {
      const provider = (await this.#list()).find(({ cmd = "" }) => PROVIDER.test(cmd));
      if (provider) return provider.pid;
      await delay(20);
    }
    throw new Error(`pulumi ended before it started a provider:\n${(await this.finished).all}`);
  }

  /**
   * Kills the CLI, or only the provider, or both and the program, and waits for the end of the CLI. After "cli" the
   * provider may continue for the length of a request, and `cleanUp` ends it.
   */
  async kill(victim: "cli" | "provider" | "everything"): Promise<CommandResult> {
    const tree = await this.#list();
    const victims = {
      cli: [this.pid],
      provider: tree.filter(({ cmd = "" }) => PROVIDER.test(cmd)).map(({ pid }) => pid),
      everything: [this.pid, ...tree.map(({ pid }) => pid)],
    };
    for (const pid of victims[victim]) signal(pid, "SIGKILL");
    return this.finished;
  }

  /** Sends Ctrl-C. The CLI finishes its pending operation and stops. */
  interrupt(): Promise<CommandResult> {
    this.#child.kill("SIGINT");
    return this.finished;
  }

  /** Sends Ctrl-C until the CLI ends. It repeats the signal because two signals can arrive as one. */
  async interruptUntilItEnds(timeout: number): Promise<void> {
    let ended = false;
    void this.finished.then(() => (ended = true));
    await vi.waitUntil(
      () => {
        if (!ended) void this.interrupt();
        return ended;
      },
      { timeout, interval: 100 },
    );
  }

  /** Kills all remaining processes. Call it in `finally` or `onTestFinished`. */
  async cleanUp(): Promise<void> {
    await this.#list();
    for (const { pid } of await stillThere(this.#seen.values())) signal(pid, "SIGKILL");
    this.#child.kill("SIGKILL");
    await this.finished;
  }

  get #hasEnded(): boolean {
    return this.#child.exitCode !== null || this.#child.signalCode !== null;
  }

  async #list() {
    // After the CLI has ended, another process may have its id.
    const tree = this.#hasEnded ? [] : await descendants(this.pid);
    for (const one of tree) this.#seen.set(one.pid, one);
    return tree;
  }
}
