import { mkdir, mkdtemp, rm } from "node:fs/promises";
import path from "node:path";

/**
 * Whether a folder is writable. Creates it if it is missing. Permissions alone do not show it, because the disk may be
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
