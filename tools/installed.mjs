import { execFile } from "node:child_process";
import { readFile } from "node:fs/promises";
import path from "node:path";
import process from "node:process";
import { isDeepStrictEqual, promisify } from "node:util";

/**
 * @typedef {{ version?: string, integrity?: string, link?: boolean, optional?: boolean }} Entry
 * @typedef {{ dependencies?: object, devDependencies?: object }} Manifest
 * @typedef {{ packages: Record<string, Entry & Manifest> }} Lockfile
 */

const KINDS = /** @type {const} */ (["dependencies", "devDependencies"]);

/**
 * The Node.js that the project installs for itself.
 * @param {string} root
 */
export function localNode(root) {
  return path.join(root, "node_modules", "node", "bin", process.platform === "win32" ? "node.exe" : "node");
}

/**
 * Whether that Node.js runs, because an install script puts it in place.
 * @param {string} root
 */
export async function hasNode(root) {
  return promisify(execFile)(localNode(root), ["--version"]).then(
    () => true,
    () => false,
  );
}

/**
 * Whether node_modules matches package-lock.json. npm writes down what it installed at the very end, so after an
 * interrupted installation that file is missing.
 * @param {string} root
 */
export async function isInstalled(root) {
  try {
    const { packages: wanted } = /** @type {Lockfile} */ (await readJson(path.join(root, "package-lock.json")));
    const { packages: present } = /** @type {Lockfile} */ (
      await readJson(path.join(root, "node_modules", ".package-lock.json"))
    );
    // The lockfile has an entry, by folder, for each package.json of this project.
    const own = Object.entries(wanted).filter(([place]) => !place.includes("node_modules"));
    const current = await Promise.all(own.map(([place, entry]) => asksForTheSame(path.join(root, place), entry)));
    const complete = Object.entries(wanted).every(([place, entry]) => place === "" || isSame(entry, present[place]));
    return !current.includes(false) && complete;
  } catch {
    return false;
  }
}

/**
 * Whether a package.json has the dependencies that the lockfile recorded.
 * @param {string} folder
 * @param {Manifest} locked
 */
async function asksForTheSame(folder, locked) {
  const manifest = /** @type {Manifest} */ (await readJson(path.join(folder, "package.json")));
  return KINDS.every((kind) => isDeepStrictEqual(locked[kind], manifest[kind]));
}

/**
 * @param {Entry} wanted
 * @param {Entry | undefined} present
 */
function isSame(wanted, present) {
  // Packages for other platforms are only in the lockfile.
  if (!present) return wanted.optional === true;
  return wanted.version === present.version && wanted.integrity === present.integrity && wanted.link === present.link;
}

/**
 * @param {string} file
 * @returns {Promise<unknown>}
 */
async function readJson(file) {
  const content = /** @type {unknown} */ (JSON.parse(await readFile(file, "utf8")));
  return content;
}
