import { type KnownKey, type NewUser, type Sandbox, type SandboxUser, startSandbox } from "../../../sandbox/index";
import type { Setting } from "./fault-matrix/settings";
import { leaksIn } from "./leaks";
import { Stack } from "./stack";
import { VirtualClock } from "./virtual-clock";

/** An organisation, a stack of keys in it, and one clock for both. */
export interface Surroundings {
  readonly sandbox: Sandbox;
  readonly stack: Stack;
  /** The clock of the sandbox and of every provider process. */
  readonly clock: VirtualClock;
  /** The user who deploys the keys before anything goes wrong. */
  readonly owner: SandboxUser;
  /** The user who runs the commands after that. */
  readonly runner: SandboxUser;
  /**
   * Another organisation with the same key names and users: the user who runs the commands, with the same e-mail, and
   * an administrator.
   */
  elsewhere(): Promise<Sandbox>;
  /** Keys that the commands must not touch. */
  readonly foreign: readonly KnownKey[];
  /** The lines of the sandbox's log since the last call. */
  newLines(): readonly string[];
  /** Moves the clock until every read shows all changes. */
  passLag(): void;
  /** The secrets of the sandbox and its users that a text contains, shortened. */
  leaksIn(text: string): string[];
}

/** A user whose keys the commands must not touch. */
const stranger = "stranger@example.com";

/** A user who manages other users' keys, with only the permissions that this needs. */
export const colleague = {
  handle: "keeper@example.com",
  permissions: ["user_app_keys", "org_app_keys_read", "org_app_keys_write"],
} satisfies NewUser;

/**
 * @param names the names of the keys that the program may declare. A stranger's key has the same name, unless names are
 *   unique in the organisation.
 * @param duringWait what happens in real time during each wait
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
      // Every user in a real organisation has keys, so the colleague has one.
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
