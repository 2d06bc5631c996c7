import { copyFile, stat } from "node:fs/promises";
import path from "node:path";
import { cachedEngine, keepEngine, type Make, type Note } from "./cache.mts";
import { download } from "./download.mts";
import { ENGINE_VERSION, engineOnPath, fileNames, hasLanguageHost, type Engine } from "./engine.mts";
import { buildFromModules } from "./go-build.mts";

/** The ways to get an engine, best first. */
const SOURCES: readonly { name: string; make: Make }[] = [
  { name: "official download", make: download },
  { name: "build with go", make: buildFromModules },
];

/** The existing engine, on PATH or kept before. Changes nothing except a copy. */
export async function findEngine(note: Note = () => undefined): Promise<Engine | undefined> {
  const found = await engineOnPath();
  if (!found) return cachedEngine(`v${ENGINE_VERSION}`);
  return (await hasLanguageHost(found.folder)) ? found : copyOf(found, note);
}

/** Finds an engine or gets one. If neither works, says what to install. */
export async function getEngine(note: Note = () => undefined): Promise<Engine> {
  const found = await findEngine(note);
  if (found) return found;
  const reasons = ["pulumi on PATH: none works"];
  for (const { name, make } of SOURCES) {
    try {
      return await keepEngine(`v${ENGINE_VERSION}`, make, note);
    } catch (error) {
      reasons.push(`${name}: ${error instanceof Error ? error.message : String(error)}`);
    }
  }
  throw new Error(
    [
      "There is no Pulumi engine here, and getting one failed:",
      ...reasons.map((reason) => `  - ${reason}`),
      "Install the Pulumi CLI (https://www.pulumi.com/docs/install/), or Go 1.25.11 or newer (https://go.dev/dl/),",
      "and run the command again.",
    ].join("\n"),
  );
}

/**
 * A CLI without a language host is copied and completed. PATH is not extended, because the engine warns about every
 * plugin that it finds on PATH and not beside itself.
 */
async function copyOf({ command, version }: Engine, note: Note): Promise<Engine> {
  const { mtimeMs, size } = await stat(command);
  const name = `v${version}-path-${Math.round(mtimeMs).toString(36)}-${size.toString(36)}`;
  const make: Make = (folder) => copyFile(command, path.join(folder, fileNames.cli));
  return (await cachedEngine(name)) ?? keepEngine(name, make, note);
}
