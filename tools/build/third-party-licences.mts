import { readdir, readFile } from "node:fs/promises";
import path from "node:path";
import type { Plugin } from "rolldown";

/** Puts beside a bundle, under its name, the licences of all packages that are in it. */
export function thirdPartyLicences(fileName: string): Plugin {
  return {
    name: "third-party-licences",
    async generateBundle() {
      const modules = [...this.getModuleIds()].map(
        (id) => /^.*[\\/]node_modules[\\/](?:@[^\\/]+[\\/])?[^\\/]+/.exec(id)?.[0],
      );
      const folders = [...new Set(modules.filter((folder) => folder !== undefined))].sort();
      const source = (await Promise.all(folders.map(licence))).join("\n\n");
      this.emitFile({ type: "asset", fileName, source: `${source}\n` });
    },
  };
}

async function licence(folder: string): Promise<string> {
  const manifest = JSON.parse(await readFile(path.join(folder, "package.json"), "utf8")) as Record<string, string>;
  const title = `${manifest["name"] ?? ""} ${manifest["version"] ?? ""} (${manifest["license"] ?? "no licence named"})`;
  const file = (await readdir(folder)).find((name) => /^licen[cs]e/i.test(name));
  // Some have it at the end of their README only.
  const text = await readFile(path.join(folder, file ?? "README.md"), "utf8");
  const from = file === undefined ? text.search(/^(#+ )?licen[cs]e\s*$/im) : 0;
  if (from === -1) throw new Error(`${folder} is bundled, and has no licence`);
  return `${title}\n\n${text.slice(from).trim()}`;
}
