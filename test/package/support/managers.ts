import { execa } from "execa";
import path from "node:path";
import type { Files } from "./layout.ts";

/** A package manager, in the version that these tests were written for. */
export interface Manager {
  readonly command: readonly [program: string, ...words: string[]];
  /** Files that it needs beside package.json. */
  readonly files: Files;
}

const byNpm = (packageName: string, ...words: string[]) =>
  ["npm", "exec", "--yes", `--package=${packageName}`, "--", ...words] as const;

/** npm 11, pnpm 10 and Bun run no install scripts by default. For yarn the tests switch them off. */
export const managers = {
  npm: { command: byNpm("npm@11", "npm", "install", "--no-audit", "--no-fund"), files: {} },
  pnpm: { command: byNpm("pnpm@10", "pnpm", "install"), files: {} },
  /** pnpm links packages from a store that all projects on the machine share. */
  pnpmGlobalStore: {
    command: byNpm("pnpm@10", "pnpm", "install", "--config.enable-global-virtual-store=true"),
    files: {},
  },
  bun: { command: [path.resolve("test/package/bun/node_modules/.bin/bun"), "install"], files: {} },
  yarnClassic: { command: byNpm("yarn@1.22.22", "yarn", "install", "--ignore-scripts", "--no-lockfile"), files: {} },
  yarnBerry: {
    command: byNpm("@yarnpkg/cli-dist@4", "yarn", "install", "--no-immutable"),
    files: {
      ".yarnrc.yml": "nodeLinker: node-modules\nenableScripts: false\nenableTelemetry: false\n",
      "yarn.lock": "",
    },
  },
} satisfies Record<string, Manager>;

export async function install(
  folder: string,
  { command: [program, ...words] }: Manager,
  ...flags: string[]
): Promise<void> {
  const { failed, all, command } = await execa(program, [...words, ...flags], {
    all: true,
    cwd: folder,
    env: { CI: "" },
    reject: false,
  });
  if (failed) throw new Error(`${command} failed:\n${all}`);
}
