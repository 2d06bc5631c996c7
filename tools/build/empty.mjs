// Empties what a build fills: an output whose source is gone must not get into a package.
import { rm } from "node:fs/promises";
import path from "node:path";

const root = path.resolve(import.meta.dirname, "../..");
for (const folder of ["dist", "sandbox/dist"]) await rm(path.join(root, folder), { recursive: true, force: true });
