import { type Stats, lstatSync, mkdtempSync, readdirSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const prefix = "pulumi-datadog-application-key-import-";

/** How often a run shows that its folder is in use, and after how long without that it is a left-over. */
const touchEveryMs = 5_000;
const leftOverAfterMs = 60_000;

/** A file that nobody else may read, in a folder of its own. */
export interface PrivateFile {
  readonly path: string;
  /** Removes the folder with all that is in it; again does no harm. */
  remove(): void;
}

/**
 * Writes a secret down. The folder's name tells which process uses it, so that the next run can remove what a killed one
 * left. In a container the next run, or another process, may have the same process id, so the folder is touched too.
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

/** Removes what runs have left that were killed. This process has written nothing yet. */
export function removeLeftovers(): void {
  const parent = tmpdir();
  for (const name of readdirSync(parent)) {
    const [, pid] = name.startsWith(prefix) ? (/^(\d+)-/.exec(name.slice(prefix.length)) ?? []) : [];
    if (pid === undefined) continue;
    const folder = join(parent, name);
    const found = lstatSync(folder, { throwIfNoEntry: false });
    // The folder for temporary files is everybody's: what another user put there under such a name is not ours to remove.
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
    // Somebody has removed the folder, and with it the secret. Pulumi says so if it still needs the file.
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // Another user's process may not be asked, but is there.
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}
