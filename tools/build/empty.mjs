// Empties the output folders before a build, so that outputs of deleted sources do not get into a package.
import { rm } from "node:fs/promises";
import path from "node:path";

const root = path.resolve(import.meta.dirname, "../..");
for (const folder of ["dist", "sandbox/dist"]) await rm(path.join(root, folder), { recursive: true, force: true });
