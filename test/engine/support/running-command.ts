import type { ChildProcess } from "node:child_process";
import { setTimeout as delay } from "node:timers/promises";
import { vi } from "vitest";
import type { ProcessDescriptor } from "ps-list";
import { descendants, signal, stillThere } from "../../../tools/processes.mts";
import type { CommandResult } from "./command-result.ts";

/**
 * The process that serves dynamic resources runs this script. The SDK's launcher first starts a short-lived `node -e …`
 * that names only the folder, to find the script.
 */
const PROVIDER = /[\\/]cmd[\\/]dynamic-provider[\\/]index\.js(?:\s|$)/;

type Child = Pick<ChildProcess, "exitCode" | "kill" | "pid" | "signalCode">;

/** A command of the CLI's that still runs, for tests that kill it. */
export class RunningCommand {
  /** Settles when the CLI is gone, whatever it was that ended it. */
  readonly finished: Promise<CommandResult>;
  readonly #child: Child;
  /** Seen alive at some time: what is left of a killed CLI can no longer be found through it. */
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
   * The process that serves dynamic resources; waits until there is one. With `--refresh` the engine starts a second one,
   * which serves nothing: no provider is loaded into it, so that nothing in it could end it with a killed CLI.
   */
  async providerPid(): Promise<number> {
    while (!this.#hasEnded) {
      const provider = (await this.#look()).find(({ cmd = "" }) => PROVIDER.test(cmd));
      if (provider) return provider.pid;
      await delay(20);
    }
    throw new Error(`pulumi ended before it started a provider:\n${(await this.finished).all}`);
  }

  /**
   * Ends the CLI as a crash would, or only the provider, or both and the program at once; then waits for the CLI's end.
   * After "cli" the provider may go on for as long as a request takes: `cleanUp` ends it.
   */
  async kill(victim: "cli" | "provider" | "everything"): Promise<CommandResult> {
    const tree = await this.#look();
    const victims = {
      cli: [this.pid],
      provider: tree.filter(({ cmd = "" }) => PROVIDER.test(cmd)).map(({ pid }) => pid),
      everything: [this.pid, ...tree.map(({ pid }) => pid)],
    };
    for (const pid of victims[victim]) signal(pid, "SIGKILL");
    return this.finished;
  }

  /** Ctrl-C: the CLI finishes what it is at and stops. */
  interrupt(): Promise<CommandResult> {
    this.#child.kill("SIGINT");
    return this.finished;
  }

  /** Ctrl-C until it ends: two signals that come as one are one. */
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

  /** Leaves no process behind; for `finally` or `onTestFinished`. */
  async cleanUp(): Promise<void> {
    await this.#look();
    for (const { pid } of await stillThere(this.#seen.values())) signal(pid, "SIGKILL");
    this.#child.kill("SIGKILL");
    await this.finished;
  }

  get #hasEnded(): boolean {
    return this.#child.exitCode !== null || this.#child.signalCode !== null;
  }

  async #look() {
    // Once it has ended, its number may be another process's.
    const tree = this.#hasEnded ? [] : await descendants(this.pid);
    for (const one of tree) this.#seen.set(one.pid, one);
    return tree;
  }
}
