// Regenerates docs/api/ from the docstrings, or another folder with `--out FOLDER`.
import path from "node:path";
import process from "node:process";
import { execa } from "execa";
import { installPackagesOf } from "./own-packages.mts";

const root = path.dirname(import.meta.dirname);
await installPackagesOf("tools/docs");
const { exitCode } = await execa("typedoc", ["--options", "tools/docs/typedoc.json", ...process.argv.slice(2)], {
  cwd: root,
  localDir: path.join(root, "tools", "docs"),
  preferLocal: true,
  stdio: "inherit",
  reject: false,
});
process.exitCode = exitCode ?? 1;
