import { once } from "node:events";
import path from "node:path";
import { createInterface } from "node:readline";
import { execaNode } from "execa";

/** The number of scenarios that run at the same time. */
const width = 3;

interface Host {
  readonly port: string;
  /** Ends the process. */
  readonly end: () => Promise<void>;
}

/** Processes that run the program, each for one scenario at a time. */
export class ProgramHosts {
  readonly #idle: Host[] = [];
  readonly #waiting: ((host: Host) => void)[] = [];
  #started = 0;

  /**
   * Runs a command with a host that no other command uses.
   * @param use gets the flag that tells the engine to use the host
   * @param spoils whether the command may leave the program unfinished. The host is then not used again.
   */
  async lend<T>(use: (flag: string) => Promise<T>, spoils = false): Promise<T> {
    const host = await this.#take();
    try {
      return await use(`--client=127.0.0.1:${host.port}`);
    } finally {
      if (spoils) await host.end();
      const next = this.#waiting.shift();
      if (next) next(spoils ? await start() : host);
      else if (spoils) this.#started -= 1;
      else this.#idle.push(host);
    }
  }

  async close(): Promise<void> {
    await Promise.all(this.#idle.map((host) => host.end()));
  }

  async #take(): Promise<Host> {
    const host = this.#idle.pop();
    if (host) return host;
    if (this.#started === width) return new Promise((resolve) => this.#waiting.push(resolve));
    this.#started += 1;
    return start();
  }
}

async function start(): Promise<Host> {
  const process = execaNode(path.join(import.meta.dirname, "program-host.ts"), {
    stdin: "pipe",
    stdout: "pipe",
    stderr: "ignore",
    buffer: false,
    reject: false,
  });
  const [port] = (await once(createInterface({ input: process.stdout }), "line")) as [string];
  const end = async () => {
    process.stdin.end();
    await process;
  };
  return { port, end };
}
