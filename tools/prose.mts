// Looks for words that nobody says aloud (tools/prose/words.yml) in documents, comments and strings.
import { execa } from "execa";
import path from "node:path";
import process from "node:process";
import { installPackagesOf } from "./own-packages.mts";

const FILES = ["*.md", "{docs,examples,sandbox}/**/*.md", "{provider,sandbox,examples,test,tools}/**/*.{ts,mts,mjs}"];

const root = path.dirname(import.meta.dirname);
const folder = path.join(root, "tools", "prose");
await installPackagesOf("tools/prose");
const { exitCode } = await execa(
  process.execPath,
  [
    path.join(folder, "node_modules", "textlint", "bin", "textlint.js"),
    ...["--config", path.join(folder, "textlintrc.json")],
    ...["--rules-base-directory", path.join(folder, "node_modules")],
    ...["--ignore-path", path.join(folder, "ignored")],
    ...FILES,
  ],
  { cwd: root, stdio: "inherit", reject: false },
);
process.exitCode = exitCode ?? 1;
