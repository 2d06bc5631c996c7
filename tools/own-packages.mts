// Packages that only one tool or one long test needs. They have their own package.json and lockfile beside it, and are
// installed when it runs, so that `npm ci` in the root stays small.
import path from "node:path";
import { lock } from "proper-lockfile";
import { isInstalled } from "./installed.mjs";
import { npmCi } from "./npm-ci.mjs";
import { step } from "./progress.mjs";

const root = path.dirname(import.meta.dirname);

/**
 * Installs the packages of a folder if they are missing. If two processes do so at once, the second waits for the
 * first.
 * @param folder from the root, such as "tools/chart"
 */
export async function installPackagesOf(folder: string): Promise<void> {
  const place = path.join(root, folder);
  if (await isInstalled(place)) return;
  const unlock = await lock(place, { stale: 20_000, retries: { forever: true, maxTimeout: 2_000 } });
  try {
    if (!(await isInstalled(place))) await step(`Installing the packages of ${folder} (npm ci)`, () => npmCi(place));
  } finally {
    await unlock();
  }
}
