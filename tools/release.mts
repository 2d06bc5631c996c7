// Checks a release: `node tools/release.mts v0.2.0` makes sure that this tag, the versions of both packages and
// CHANGELOG.md agree, and prints CHANGELOG.md's section for that version.
import { readFile } from "node:fs/promises";
import path from "node:path";
import process from "node:process";

const PACKAGES = ["package.json", "sandbox/package.json"];

/**
 * The newest section of CHANGELOG.md, without its title.
 * @throws Error with everything that disagrees with the tag
 */
export async function releaseNotes(root: string, tag: string): Promise<string> {
  const faults: string[] = [];
  for (const file of PACKAGES) {
    const { version } = JSON.parse(await readFile(path.join(root, file), "utf8")) as { version: string };
    if (tag !== `v${version}`) faults.push(`${file} has version ${version}`);
  }
  const changelog = await readFile(path.join(root, "CHANGELOG.md"), "utf8");
  const [, title = "", text = ""] = /^## (.+)\n+([^]*?)(?=^## |(?![^]))/m.exec(changelog) ?? [];
  if (tag !== `v${title}`) faults.push(`the newest section of CHANGELOG.md is "${title}"`);
  if (text.trim() === "") faults.push(`CHANGELOG.md has no text for ${title}`);
  if (faults.length > 0) throw new Error(`${tag} cannot be released: ${faults.join("; ")}`);
  return `${text.trim()}\n`;
}

if (import.meta.main) {
  try {
    process.stdout.write(await releaseNotes(path.dirname(import.meta.dirname), process.argv[2] ?? ""));
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
    process.exitCode = 1;
  }
}
