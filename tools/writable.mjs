import { mkdir, mkdtemp, rm } from "node:fs/promises";
import path from "node:path";

/**
 * Whether files can be made in a folder, which is made if it is not there. Rights alone do not tell: the disk may be
 * read-only.
 * @param {string} folder
 */
export async function isWritable(folder) {
  try {
    await mkdir(folder, { recursive: true });
    await rm(await mkdtemp(path.join(folder, ".writable-")), { recursive: true });
    return true;
  } catch {
    return false;
  }
}
