import { randomUUID } from "node:crypto";
import { chmod, lstat, mkdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import process from "node:process";
import { lock } from "proper-lockfile";
import { isWritable } from "../writable.mjs";
import { engineIn, fileNames, isExecutable, type Engine } from "./engine.mts";

const ROOT = path.resolve(import.meta.dirname, "../..");
const NAME = "pulumi-datadog-application-key";
const LANGUAGE_HOST = "language-host.mts";

export type Note = (detail: string) => void;

/** Puts `pulumi`, and the plugins that the source has, into the empty folder. */
export type Make = (folder: string, note: Note) => Promise<void>;

/** The folder for engines, outside any checkout. In the temporary folder if the user's cache is not writable. */
export async function engineCache(): Promise<string> {
  const usual = path.join(userCache(), NAME, "engine");
  return (await isWritable(usual)) ? usual : temporaryCache();
}

function userCache(): string {
  const { XDG_CACHE_HOME, LOCALAPPDATA } = process.env;
  if (XDG_CACHE_HOME && path.isAbsolute(XDG_CACHE_HOME)) return XDG_CACHE_HOME;
  if (process.platform === "darwin") return path.join(os.homedir(), "Library", "Caches");
  if (process.platform === "win32" && LOCALAPPDATA) return LOCALAPPDATA;
  return path.join(os.homedir(), ".cache");
}

/** A folder of this user that remains after the run. */
export async function temporaryCache(): Promise<string> {
  const folder = path.join(os.tmpdir(), `${NAME}-${os.userInfo().uid}`);
  await mkdir(folder, { recursive: true, mode: 0o700 });
  // Another user can guess the name, and their files must not be run.
  const { uid, mode } = await lstat(folder);
  if (process.getuid && (uid !== process.getuid() || (mode & 0o022) !== 0)) {
    throw new Error(`${folder} is writable for another user. Remove it, or set XDG_CACHE_HOME to a folder of yours`);
  }
  return folder;
}

/** The engine kept under that name, if it is complete and runs. */
export async function cachedEngine(name: string): Promise<Engine | undefined> {
  const folder = path.join(await engineCache(), name, "bin");
  const engine = await engineIn(folder);
  if (engine) await addLanguageHost(folder);
  return engine;
}

/**
 * Gets an engine and keeps it under that name. It appears there only after it has run once, so an interrupted attempt
 * leaves nothing that looks like an engine. Of two attempts at once, the second waits and uses the first one's engine.
 */
export async function keepEngine(name: string, make: Make, note: Note): Promise<Engine> {
  const place = path.join(await engineCache(), name);
  const attempt = `${place}.partial`;
  note("waiting for another run that is getting the engine");
  const unlock = await lock(place, { realpath: false, stale: 20_000, retries: { forever: true, maxTimeout: 2_000 } });
  try {
    note("");
    const finished = await cachedEngine(name);
    if (finished) return finished;
    const folder = path.join(attempt, "bin");
    await rm(attempt, { recursive: true, force: true });
    await mkdir(folder, { recursive: true });
    await make(folder, note);
    await addLanguageHost(folder);
    if (!(await engineIn(folder))) throw new Error("the engine does not run");
    await rm(place, { recursive: true, force: true });
    await rename(attempt, place);
    const kept = await cachedEngine(name);
    if (!kept) throw new Error(`${place} has disappeared`);
    return kept;
  } finally {
    await rm(attempt, { recursive: true, force: true });
    await unlock();
  }
}

/** Adds our language host to an engine without one, and updates it. Leaves the official host alone. */
async function addLanguageHost(folder: string): Promise<void> {
  const complete = await isExecutable(path.join(folder, fileNames.languageHost));
  const ours = await readFile(path.join(folder, LANGUAGE_HOST)).catch(() => undefined);
  if (complete && !ours) return;
  const sdk = path.join(ROOT, "node_modules", "@pulumi", "pulumi");
  await place(path.join(import.meta.dirname, LANGUAGE_HOST), folder);
  await place(path.join(import.meta.dirname, fileNames.languageHost), folder);
  await place(path.join(import.meta.dirname, fileNames.bunLanguageHost), folder);
  await place(path.join(sdk, fileNames.dynamicProvider), folder);
}

/** Replaces a file atomically, so that an engine which starts now sees the old file or the new one. */
async function place(source: string, folder: string): Promise<void> {
  const target = path.join(folder, path.basename(source));
  const [wanted, present] = await Promise.all([readFile(source), readFile(target).catch(() => undefined)]);
  if (present?.equals(wanted)) return;
  const attempt = `${target}.${randomUUID()}`;
  await writeFile(attempt, wanted);
  await chmod(attempt, 0o755);
  await rename(attempt, target);
}
