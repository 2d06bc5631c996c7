import { RunError, runtime } from "@pulumi/pulumi";
import { packageName, versionFoundFrom } from "../stored-provider";

/** The program's folder, from which the engine loads the provider. The program may change to another folder later. */
const programFolder = process.cwd();

/**
 * The version of this package that the engine finds. It serves all keys of the program. Undefined if it is not known,
 * as in unit tests.
 * @throws RunError that says what to install, and where, if there is none: a component library brought this copy along and
 * the layout does not hoist it, or a bundle holds this code and the package is not installed beside it
 */
export function servingVersion(): string | undefined {
  if (!hasEngine() || isInline()) return undefined;
  found ??= folders()
    .map(versionFoundFrom)
    .find((version) => version !== undefined);
  if (found === undefined) throw new RunError(notInstalledIn(programFolder));
  return found;
}

/** The folders stay as they are while a program runs. */
let found: string | undefined;

export function notInstalledIn(folder: string): string {
  return (
    `Add ${packageName} to the dependencies in the program's own package.json and install it, because Pulumi loads the ` +
    `provider of application keys by this name from ${folder}, where it is not installed.`
  );
}

/**
 * Folders from which the engine may load the provider. A program that changed its folder before it loaded this file is
 * still inside its project.
 */
function folders(): string[] {
  const project = process.env["PULUMI_NODEJS_ROOT_DIRECTORY"];
  return [programFolder, process.cwd(), ...(project === undefined ? [] : [project])];
}

/**
 * An inline program of the Automation API runs in the user's own process, in any folder. The engine loads the provider
 * from the project's `main`, which the program does not know.
 */
function isInline(): boolean {
  return process.env["PULUMI_NODEJS_PROJECT"] === undefined;
}

/** In unit tests (`pulumi.runtime.setMocks`) nothing loads the provider, and the mocks have no connection. */
function hasEngine(): boolean {
  const monitor = runtime.getMonitor();
  return monitor !== undefined && "getChannel" in monitor;
}
