import { existsSync, readFileSync, realpathSync } from "node:fs";
import { createRequire } from "node:module";
import { isAbsolute, join, relative, sep } from "node:path";

const packageName = "pulumi-datadog-application-key";
/** How a program's folder that has this package loads the lifecycle. */
export const namedLifecycle = `${packageName}/provider`;
/**
 * The lifecycle's file below the package's folder. States of programs that had to name it by path hold this text, so it
 * stays where it is: a package's `exports` serve names only.
 */
const lifecycle = "dist/provider/lifecycle/index.js";

/** This copy of the package, links resolved, as Node.js gives it. */
const ownFolder = join(__dirname, "../..");

const textByFolder = new Map<string, string>();

/**
 * Kept in every key's state, twice: where the lifecycle is, not what it does. So the installed version serves old state.
 * The engine loads the text in the program's folder.
 */
export function storedProvider(): string {
  const folder = process.cwd();
  const text = textByFolder.get(folder) ?? storedText(lifecycleFrom(folder, ownFolder));
  textByFolder.set(folder, text);
  return text;
}

/**
 * The text for what `require` has to be given. A package that is found by its path today may be hoisted, and so have its
 * name alone, by the next installation.
 */
export function storedText(request: string): string {
  const load = (what: string) => `require(${JSON.stringify(what)})`;
  if (request === namedLifecycle) return `exports.handler = () => ${load(namedLifecycle)};`;
  return (
    `exports.handler = () => { try { return ${load(request)}; } catch (error) { ` +
    `if (error.code !== "MODULE_NOT_FOUND") throw error; return ${load(namedLifecycle)}; } };`
  );
}

/**
 * What `require` in a program's folder has to be given to load the lifecycle of one copy of this package: its name,
 * or where that finds another copy or none (a component library brings it along, and the layout does not hoist it), the
 * way to it. Never an absolute path: the next run may be on another machine.
 */
export function lifecycleFrom(programFolder: string, packageFolder: string): string {
  const file = join(packageFolder, lifecycle);
  // A bundle holds this code without the files around it.
  if (!existsSync(file) || resolve(programFolder, namedLifecycle) === realpathSync(file)) return namedLifecycle;
  const folder = realpathSync(programFolder);
  const way = relative(folder, stableFolder(folder, packageFolder));
  if (isAbsolute(way)) return namedLifecycle;
  const posix = join(way, lifecycle).split(sep).join("/");
  return posix.startsWith("../") ? posix : `./${posix}`;
}

function resolve(folder: string, request: string): string | undefined {
  try {
    return createRequire(join(folder, "program.js")).resolve(request);
  } catch {
    return undefined;
  }
}

/** Of the ways to one copy of this package, the one that tells least of where and how it was installed. */
function stableFolder(programFolder: string, packageFolder: string): string {
  const leadsThere = (link: string) => existsSync(link) && realpathSync(link) === packageFolder;
  // pnpm's own folders have versions in their names, but for the one link to each package that it makes for strays.
  const store = join("node_modules", ".pnpm") + sep;
  const at = packageFolder.lastIndexOf(store);
  const hoisted = join(packageFolder.slice(0, at), store, "node_modules", packageName);
  if (at !== -1 && leadsThere(hoisted)) return hoisted;
  // A component library that is linked into the program may be anywhere.
  const linked = join(programFolder, "node_modules", dependantOf(packageFolder), "node_modules", packageName);
  return leadsThere(linked) ? linked : packageFolder;
}

/** The name of the package in whose `node_modules` a package is. */
function dependantOf(packageFolder: string): string {
  try {
    const text = readFileSync(join(packageFolder, "../../package.json"), "utf8");
    const { name } = JSON.parse(text) as { name?: unknown };
    return typeof name === "string" ? name : "";
  } catch {
    return "";
  }
}
