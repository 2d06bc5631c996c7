import { execa } from "execa";
import type { Files } from "./layout.ts";

/** A package manager at the version that these tests were written with. */
export interface Manager {
  /** What `npm exec` runs. */
  readonly command: readonly [packageName: string, ...words: string[]];
  /** Beside package.json. */
  readonly files: Files;
}

export const managers = {
  npm: { command: ["npm@11", "npm", "install", "--no-audit", "--no-fund", "--ignore-scripts"], files: {} },
  pnpm: { command: ["pnpm@10", "pnpm", "install", "--ignore-scripts"], files: {} },
  yarnClassic: { command: ["yarn@1.22.22", "yarn", "install", "--ignore-scripts", "--no-lockfile"], files: {} },
  yarnBerry: {
    command: ["@yarnpkg/cli-dist@4", "yarn", "install", "--no-immutable"],
    files: {
      ".yarnrc.yml": "nodeLinker: node-modules\nenableScripts: false\nenableTelemetry: false\n",
      "yarn.lock": "",
    },
  },
} satisfies Record<string, Manager>;

export async function install(
  folder: string,
  { command: [name, ...words] }: Manager,
  ...flags: string[]
): Promise<void> {
  const { failed, all } = await execa("npm", ["exec", "--yes", `--package=${name}`, "--", ...words, ...flags], {
    all: true,
    cwd: folder,
    env: { CI: "" },
    reject: false,
  });
  if (failed) throw new Error(`${words.join(" ")} failed:\n${all}`);
}
