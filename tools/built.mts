import { glob, stat } from "node:fs/promises";
import path from "node:path";

const SOURCES = "{provider,sandbox}/**/*.ts";
const SETTINGS = [".prettierrc.json", "package.json", "rolldown.config.mts", "tsconfig.json", "tsconfig.types.json"];

/**
 * Whether dist/ has been built from the sources as they are: the declarations, which a build writes last, one for each
 * source, are newer than all that they are made of.
 */
export async function isBuilt(root: string): Promise<boolean> {
  let newest = Math.max(...(await Promise.all(SETTINGS.map((file) => changed(path.join(root, file))))));
  let oldest = Number.POSITIVE_INFINITY;
  for await (const source of glob(SOURCES, { cwd: root })) {
    newest = Math.max(newest, await changed(path.join(root, source)));
    oldest = Math.min(oldest, await changed(path.join(root, "dist", source.replace(/\.ts$/, ".d.ts"))));
  }
  return oldest > newest;
}

async function changed(file: string): Promise<number> {
  return stat(file).then(
    ({ mtimeMs }) => mtimeMs,
    () => 0,
  );
}
