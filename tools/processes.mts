import process from "node:process";
import { execa } from "execa";
import psList, { type ProcessDescriptor } from "ps-list";

/** All descendants of a process. */
export async function descendants(pid: number): Promise<ProcessDescriptor[]> {
  const all = await psList();
  const below = (parent: number): ProcessDescriptor[] =>
    all.filter(({ ppid }) => ppid === parent).flatMap((one) => [one, ...below(one.pid)]);
  return below(pid);
}

/** Those of the given processes that are still running. By now, their numbers may belong to other processes. */
export async function stillThere(seen: Iterable<ProcessDescriptor>): Promise<ProcessDescriptor[]> {
  const now = new Map((await psList()).map((one) => [one.pid, startOf(one)]));
  // ps prints whole seconds, and may round them differently each time.
  return [...seen].filter((one) => Math.abs((now.get(one.pid) ?? NaN) - startOf(one)) <= 1000);
}

function startOf({ startTime }: ProcessDescriptor): number {
  return startTime?.getTime() ?? NaN;
}

/** Whether a process is running, and not just waiting for its parent to collect its exit code. */
export async function isRunning(pid: number): Promise<boolean> {
  const { stdout } = await execa("ps", ["-o", "stat=", "-p", String(pid)], { reject: false });
  return stdout !== "" && !stdout.startsWith("Z");
}

/** Sends a signal to a process that may have ended. */
export function signal(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(pid, name);
  } catch (error) {
    if (!(error instanceof Error && "code" in error && error.code === "ESRCH")) throw error;
  }
}
