import { type KnownKey, type NewUser, type Sandbox, type SandboxUser, startSandbox } from "../../../sandbox/index";
import type { Setting } from "./fault-matrix/settings";
import { leaksIn } from "./leaks";
import { Stack } from "./stack";
import { VirtualClock } from "./virtual-clock";

/** An organisation, somebody's stack in it, and one time for all. */
export interface Surroundings {
  readonly sandbox: Sandbox;
  readonly stack: Stack;
  /** The sandbox and every provider process go by it. */
  readonly clock: VirtualClock;
  /** Whose keys are there before anything goes wrong. */
  readonly owner: SandboxUser;
  /** Who runs the commands then. */
  readonly runner: SandboxUser;
  /**
   * Another organisation, with the same people and keys of the same names: who runs the commands, by the same e-mail, and
   * an administrator.
   */
  elsewhere(): Promise<Sandbox>;
  /** Keys that nothing of ours may touch. */
  readonly foreign: readonly KnownKey[];
  /** Lines of the sandbox's log since it was last asked for. */
  newLines(): readonly string[];
  /** Lets everything show that was done. */
  passLag(): void;
  /** The secrets among those of the sandbox and its users that a text shows, shortened. */
  leaksIn(text: string): string[];
}

/** Somebody whose keys nobody touches. */
const stranger = "stranger@example.com";

/** Who looks after everybody's keys, with no more than that takes. */
export const colleague = {
  handle: "keeper@example.com",
  permissions: ["user_app_keys", "org_app_keys_read", "org_app_keys_write"],
} satisfies NewUser;

/**
 * @param names of keys that the program may declare. A stranger's key may have the same name only where names are not
 *   unique in the organisation
 * @param duringWait what takes real time in every wait
 */
export async function withSurroundings<T>(
  setting: Setting,
  names: readonly string[],
  use: (surroundings: Surroundings) => Promise<T>,
  duringWait?: () => unknown,
): Promise<T> {
  const lines: string[] = [];
  const clock = new VirtualClock(duringWait);
  const sandbox = await startSandbox({
    user: setting.user === "administrator" ? "admin" : "user",
    oneTimeRead: setting.api === "v2 in One-Time Read",
    uniqueNames: setting.names,
    readLagMs: setting.readLag * 1000,
    now: () => clock.now(),
    users: [{ handle: stranger }, colleague],
    keys: [
      { name: "not ours" },
      // Nobody who works there has no keys.
      { name: "the colleague's", owner: colleague.handle },
      ...names.map((name) => ({
        name: setting.names === "organisation" ? `${name} of a stranger` : name,
        owner: stranger,
      })),
    ],
    log: (line) => lines.push(line),
  });
  let other: Promise<Sandbox> | undefined;
  const elsewhere = () =>
    (other ??= startSandbox({
      oneTimeRead: setting.api === "v2 in One-Time Read",
      uniqueNames: setting.names,
      now: () => clock.now(),
      users: [colleague],
      keys: names.map((name) => ({ name })),
      log: (line) => lines.push(line),
    }));
  const owner = sandbox.user(setting.user === "administrator" ? "admin" : "user");
  try {
    return await use({
      sandbox,
      stack: new Stack(sandbox),
      clock,
      owner,
      elsewhere,
      runner: setting.user === "colleague" ? sandbox.user(colleague.handle) : owner,
      foreign: sandbox.keys(),
      newLines: () => lines.splice(0),
      passLag: () => {
        clock.advance(setting.readLag * 1000 + 1000);
      },
      leaksIn: (text) => [...new Set(sandbox.users.flatMap(({ appKey }) => leaksIn(text, { ...sandbox, appKey })))],
    });
  } finally {
    await sandbox.close();
    await (await other)?.close();
  }
}
