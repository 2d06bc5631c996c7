import { createRequire } from "node:module";
import { join } from "node:path";

export const packageName = "pulumi-datadog-application-key";

/**
 * This text is in every key's state, twice. It says where the lifecycle is, not what it does. It is the same for every
 * program and machine, so the installed version of the package serves the keys of every version.
 */
export const storedProvider = `exports.handler = () => require("${packageName}/provider");`;

/** The version of this package that the text above finds from a folder, or undefined if it finds none. */
export function versionFoundFrom(folder: string): string | undefined {
  try {
    const manifest = createRequire(join(folder, "program.js"))(`${packageName}/package.json`) as { version: string };
    return manifest.version;
  } catch {
    return undefined;
  }
}
