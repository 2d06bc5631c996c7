import { lstatSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const prefix = "pulumi-datadog-application-key-import-";

/** A file that nobody else may read, in a folder of its own. */
export interface PrivateFile {
  readonly path: string;
  /** Removes the folder with all that is in it; again does no harm. */
  remove(): void;
}

/** Writes a secret down. The folder's name tells whose it is, so that the next run can remove what a killed one left. */
export function writePrivateFile(text: string): PrivateFile {
  const folder = mkdtempSync(join(tmpdir(), `${prefix}${process.pid}-`));
  const remove = () => {
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

/** Removes what runs have left that were killed. */
export function removeLeftovers(): void {
  const parent = tmpdir();
  for (const name of readdirSync(parent)) {
    const [, pid] = name.startsWith(prefix) ? (/^(\d+)-/.exec(name.slice(prefix.length)) ?? []) : [];
    const folder = join(parent, name);
    // The folder for temporary files is everybody's: what another user put there under such a name is not ours to remove.
    if (pid !== undefined && isOwnFolder(folder) && !isAlive(Number(pid)))
      rmSync(folder, { recursive: true, force: true });
  }
}

function isOwnFolder(path: string): boolean {
  const found = lstatSync(path, { throwIfNoEntry: false });
  return found?.isDirectory() === true && (process.getuid === undefined || found.uid === process.getuid());
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
