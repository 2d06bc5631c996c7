import { createRequire } from "node:module";
import { join } from "node:path";

export const packageName = "pulumi-datadog-application-key";
const lifecycle = `${packageName}/provider`;

/**
 * Kept in every key's state, twice: where the lifecycle is, not what it does. It is the same for every program and on every
 * machine, so the version that the program has installed serves the keys of every version.
 */
export const storedProvider = `exports.handler = () => require(${JSON.stringify(lifecycle)});`;

/** Whether that text finds this package where the engine evaluates it in a folder. */
export function findsPackage(folder: string): boolean {
  try {
    createRequire(join(folder, "program.js")).resolve(lifecycle);
    return true;
  } catch {
    return false;
  }
}
