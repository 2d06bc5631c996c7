import { type Stats, lstatSync, mkdtempSync, readdirSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const prefix = "pulumi-datadog-application-key-import-";

/** How often a run refreshes its folder, and the age at which a folder counts as left over. */
const touchEveryMs = 5_000;
const leftOverAfterMs = 60_000;

/** A file that only this user may read, in a folder of its own. */
export interface PrivateFile {
  readonly path: string;
  /** Removes the folder and its content. Safe to call again. */
  remove(): void;
}

/**
 * Writes a secret to a file. The folder's name contains the process id, so that the next run can remove what a killed
 * run left behind. Containers reuse process ids, so the folder's time stamp is refreshed too.
 */
export function writePrivateFile(text: string): PrivateFile {
  const folder = mkdtempSync(join(tmpdir(), `${prefix}${process.pid}-`));
  const touching = setInterval(() => {
    touch(folder);
  }, touchEveryMs).unref();
  const remove = () => {
    clearInterval(touching);
    rmSync(folder, { recursive: true, force: true });
  };
  try {
    const path = join(folder, "import.json");
    writeFileSync(path, text, { mode: 0o600, flag: "wx" });
    return { path, remove };
  } catch (error) {
    remove();
    throw error;
  }
}

/** Removes what killed runs left behind. This process has not written anything yet. */
export function removeLeftovers(): void {
  const parent = tmpdir();
  for (const name of readdirSync(parent)) {
    const [, pid] = name.startsWith(prefix) ? (/^(\d+)-/.exec(name.slice(prefix.length)) ?? []) : [];
    if (pid === undefined) continue;
    const folder = join(parent, name);
    const found = lstatSync(folder, { throwIfNoEntry: false });
    // Everyone can write to the temporary folder. Files of other users under this name are not ours to remove.
    if (found && isOwnFolder(found) && !isInUse(Number(pid), found)) rmSync(folder, { recursive: true, force: true });
  }
}

function isOwnFolder(found: Stats): boolean {
  return found.isDirectory() && (process.getuid === undefined || found.uid === process.getuid());
}

function isInUse(pid: number, { mtimeMs }: Stats): boolean {
  return pid !== process.pid && isAlive(pid) && Date.now() - mtimeMs < leftOverAfterMs;
}

function touch(folder: string): void {
  const now = new Date();
  try {
    utimesSync(folder, now, now);
  } catch {
    // Someone removed the folder and the secret in it. Pulumi reports that if it still needs the file.
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // Another user's process refuses the signal, so it exists.
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}
