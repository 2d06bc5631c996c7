import { expect, vi } from "vitest";
import { type Sandbox, startSandbox } from "../../../../sandbox/index.ts";
import { credentials, keysProject } from "../sandboxed.ts";
import { isRunning, type CommandResult, type RunningCommand, type Stack } from "../index.ts";
import { faultAt, keyCount, type KillPoint, type Mode, sandboxOptions } from "./points.ts";
import { idsInState, idsOf, removeCutAttributes } from "./state-file.ts";

/** Totals over all lives. */
export const figures = { kills: 0, leftBehind: 0, orphaned: 0, lost: 0 };

type Declared = Record<string, { name: string; keepers: Record<string, string>; adopt?: "replace" }>;

const stackName = "dev";

const refreshing = ({ refresh }: KillPoint) => (refresh ? ["--refresh"] : []);

/** One stack, from its first key to its destroy. Each of its commands is killed. */
export class Life {
  readonly #mode: Mode;
  readonly #sandbox: Sandbox;
  readonly #stack: Stack;
  readonly #folder: string;
  readonly #declare: Awaited<ReturnType<typeof keysProject>>["declare"];
  #declared: Declared = {};

  private constructor(
    mode: Mode,
    sandbox: Sandbox,
    stack: Stack,
    { project, declare }: Awaited<ReturnType<typeof keysProject>>,
  ) {
    this.#mode = mode;
    this.#sandbox = sandbox;
    this.#stack = stack;
    this.#folder = project.folder;
    this.#declare = declare;
  }

  static async begin(mode: Mode): Promise<Life> {
    const sandbox = await startSandbox(sandboxOptions(mode));
    const project = await keysProject({ env: credentials(sandbox) });
    return new Life(mode, sandbox, await project.project.stack(stackName), project);
  }

  async end(): Promise<void> {
    await this.#sandbox.close();
  }

  /**
   * Kills an operation in the middle, and then does what a user would do until the keys are as the program declares.
   */
  async killAndRecover(point: KillPoint): Promise<void> {
    this.#changeProgram(point);
    await this.#write();
    await this.#kill(point);
    const left = await this.#untracked();
    figures.kills += 1;
    figures.leftBehind += left.length;

    const again = await this.#run(point);
    if (point.killer === "interrupt" && point.operation !== "adopt") expect(left).toEqual([]);
    if (left.length === 0 || point.operation === "adopt" || point.operation === "destroy")
      expect(again.exitCode, again.all).toBe(0);
    else {
      expect(again.exitCode, again.all).toBe(1);
      for (const name of left) expect(again.all).toContain(`application key ${JSON.stringify(name)} exists already`);
      expect(left, "there is no second key").toEqual(expect.arrayContaining(await this.#untracked()));
      await this.#write(this.#mode.api === "v2 in One-Time Read" ? "replace" : true);
      const adopted = await this.#run(point);
      expect(adopted.exitCode, adopted.all).toBe(0);
    }
    await this.#expectExactlyWhatIsDeclared();
  }

  /** Changes the program. */
  #changeProgram({ operation }: KillPoint): void {
    const old = Object.entries(this.#declared);
    const changed = (change: (key: Declared[string]) => Declared[string]) =>
      Object.fromEntries(old.map(([name, key]) => [name, change(key)]));
    switch (operation) {
      case "create":
        for (let number = 1; number <= keyCount; number += 1)
          this.#declared[`key${number}`] = { name: `key ${number}`, keepers: {} };
        break;
      case "rename":
        this.#declared = changed((key) => ({ ...key, name: `${key.name} renamed` }));
        break;
      case "rotate":
        this.#declared = changed((key) => ({ ...key, keepers: { turn: "2" } }));
        break;
      case "adopt":
        this.#sandbox.add({ name: "here before" });
        this.#declared["adopted"] = { name: "here before", keepers: {}, adopt: "replace" };
        break;
      case "destroy":
        this.#declared = {};
    }
  }

  /** @param adopt the value of `adopt` for every key */
  async #write(adopt?: true | "replace"): Promise<void> {
    const api = this.#mode.api === "v2" ? { apiVersion: "v2" } : {};
    const keys = Object.entries(this.#declared);
    await this.#declare(
      Object.fromEntries(keys.map(([name, key]) => [name, { ...key, ...api, ...(adopt !== undefined && { adopt }) }])),
    );
  }

  #run(point: KillPoint): Promise<CommandResult> {
    const flags = refreshing(point);
    return point.operation === "destroy" ? this.#stack.destroy({ flags }) : this.#stack.up({ flags });
  }

  async #kill(point: KillPoint): Promise<void> {
    const removeFault = this.#sandbox.fail(faultAt(point));
    const before = this.#sandbox.faultsInjected().length;
    const verb = point.operation === "destroy" ? "destroy" : "up";
    const command = this.#stack.spawn([verb, "--yes", "--skip-preview", ...refreshing(point)]);
    try {
      await Promise.race([
        vi.waitUntil(() => this.#sandbox.faultsInjected().length > before, { timeout: 90_000, interval: 2 }),
        command.finished.then(({ all }) => {
          throw new Error(`the command ended before it could be killed:\n${all}`);
        }),
      ]);
      await this.#strike(command, point);
    } finally {
      removeFault();
      await command.cleanUp();
    }
    const held = this.#sandbox.requests().findLast(({ fault }) => fault !== undefined);
    if (point.fate === "late")
      await vi.waitUntil(() => this.#sandbox.requests().some(({ at, ms }) => at === held?.at && ms !== undefined));
    await removeCutAttributes(this.#folder, stackName);
    // A killed command leaves its lock behind, and so can a command that a second Ctrl-C ended. The user removes the
    // lock.
    if (point.killer === "cli" || point.killer === "everything" || point.killer === "interrupt twice")
      await this.#stack.succeed(["cancel", "--yes", "--stack", stackName]);
  }

  async #strike(command: RunningCommand, { killer }: KillPoint): Promise<void> {
    const provider = await command.providerPid();
    if (killer === "interrupt") await command.interrupt();
    else if (killer === "interrupt twice") await command.interruptUntilItEnds(30_000);
    else await command.kill(killer);
    await vi.waitUntil(async () => !(await isRunning(provider)), { timeout: 30_000 });
  }

  /** The names of declared keys that exist in Datadog and are not in the state. */
  async #untracked(): Promise<string[]> {
    const ids = await idsInState(this.#folder, stackName);
    const declared = new Set(Object.values(this.#declared).map(({ name }) => name));
    return this.#sandbox
      .keys()
      .filter((key) => declared.has(key.name) && !idsOf(key).some((id) => ids.has(id)))
      .map(({ name }) => name);
  }

  async #expectExactlyWhatIsDeclared(): Promise<void> {
    const ids = await idsInState(this.#folder, stackName);
    const keys = this.#sandbox.keys();
    const orphans = keys.filter((key) => !idsOf(key).some((id) => ids.has(id)));
    figures.orphaned += orphans.length;
    figures.lost += Math.max(0, ids.size - (keys.length - orphans.length));
    const declared = Object.values(this.#declared).map(({ name }) => name);
    expect(keys.map(({ name }) => name).sort()).toEqual(declared.sort());
    expect({ orphans, inState: ids.size }).toEqual({ orphans: [], inState: declared.length });
  }

  /** Checks that the state contains the secret of each key. */
  async expectSecrets(): Promise<void> {
    const outputs = (await this.#stack.outputs({ showSecrets: true })) as Record<string, { hash: string }>;
    const secrets = Object.values(outputs).map(({ hash }) => hash);
    expect(secrets.sort()).toEqual(
      this.#sandbox
        .keys()
        .map(({ key }) => key)
        .sort(),
    );
  }
}
