import { glob, stat } from "node:fs/promises";
import path from "node:path";

const SOURCES = "{provider,sandbox}/**/*.ts";
const SETTINGS = ["package.json", "tsconfig.json", "tsconfig.build.json", "tsconfig.types.json"];

/** Whether dist/ has been built from the sources as they are: every file of it is newer than all that it is made of. */
export async function isBuilt(root: string): Promise<boolean> {
  const settingsChanged = Math.max(...(await Promise.all(SETTINGS.map((file) => changed(path.join(root, file))))));
  for await (const source of glob(SOURCES, { cwd: root })) {
    const output = await changed(path.join(root, "dist", source.replace(/\.ts$/, ".js")));
    if (output <= Math.max(settingsChanged, await changed(path.join(root, source)))) return false;
  }
  return true;
}

async function changed(file: string): Promise<number> {
  return stat(file).then(
    ({ mtimeMs }) => mtimeMs,
    () => 0,
  );
}
