import { createRequire } from "node:module";
import { join } from "node:path";

export const packageName = "pulumi-datadog-application-key";

/**
 * Kept in every key's state, twice: where the lifecycle is, not what it does. It is the same for every program and on every
 * machine, so the version that the program has installed serves the keys of every version.
 */
export const storedProvider = `exports.handler = () => require("${packageName}/provider");`;

/** The version of this package that the text above finds where the engine evaluates it in a folder; undefined if none. */
export function versionFoundFrom(folder: string): string | undefined {
  try {
    const manifest = createRequire(join(folder, "program.js"))(`${packageName}/package.json`) as { version: string };
    return manifest.version;
  } catch {
    return undefined;
  }
}
