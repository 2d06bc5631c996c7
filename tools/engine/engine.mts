import { constants } from "node:fs";
import { access, realpath } from "node:fs/promises";
import path from "node:path";
import process from "node:process";
import { execa } from "execa";

/** The engine that is fetched where there is none; one on PATH may be any other of its major version. */
export const ENGINE_VERSION = "3.259.0";

/** A Pulumi CLI with all it needs to run Node.js programs beside it. */
export interface Engine {
  /** The absolute path of `pulumi`. */
  command: string;
  /** The folder of `pulumi` and its plugins. */
  folder: string;
  version: string;
}

const ROOT = path.resolve(import.meta.dirname, "../..");
const exe = process.platform === "win32" ? ".exe" : "";

export const fileNames = {
  cli: `pulumi${exe}`,
  languageHost: `pulumi-language-nodejs${exe}`,
  bunLanguageHost: `pulumi-language-bun${exe}`,
  dynamicProvider: process.platform === "win32" ? "pulumi-resource-pulumi-nodejs.cmd" : "pulumi-resource-pulumi-nodejs",
};

export async function isExecutable(file: string): Promise<boolean> {
  return access(file, constants.X_OK).then(
    () => true,
    () => false,
  );
}

/** The engine in a folder, if one is there and runs: a file of that name may be half a download or of another machine. */
export async function engineIn(folder: string): Promise<Engine | undefined> {
  const command = path.join(folder, fileNames.cli);
  if (!(await isExecutable(command))) return undefined;
  const { stdout, failed } = await execa(command, ["version"], {
    env: { PULUMI_SKIP_UPDATE_CHECK: "true" },
    reject: false,
    stdin: "ignore",
    timeout: 60_000,
  });
  const version = /^v?(3\.\d+\.\d+\S*)/.exec(stdout)?.[1];
  return failed || version === undefined ? undefined : { command, folder, version };
}

/** Whether the engine can run Node.js programs by itself, as the official one can. */
export async function hasLanguageHost(folder: string): Promise<boolean> {
  const resolved = path.dirname(await realpath(path.join(folder, fileNames.cli)));
  const found = await Promise.all(
    [folder, resolved, ...pathFolders()].map((candidate) => isExecutable(path.join(candidate, fileNames.languageHost))),
  );
  return found.includes(true);
}

/** The first working `pulumi` on PATH. */
export async function engineOnPath(): Promise<Engine | undefined> {
  for (const folder of pathFolders()) {
    const engine = await engineIn(folder);
    if (engine) return engine;
  }
  return undefined;
}

function pathFolders(): string[] {
  return (process.env["PATH"] ?? "").split(path.delimiter).filter((folder) => path.isAbsolute(folder));
}

export interface EngineEnvOptions {
  /** A folder for everything that the CLI keeps: its settings, plugins, and the stacks' state. */
  home: string;
  /** More variables; they win. */
  env?: NodeJS.ProcessEnv;
}

/**
 * The whole environment in which to run the engine, with nothing in it of the user's own Pulumi or Datadog settings.
 * Also serves the Automation API: assign it to `process.env`, where that looks for `pulumi`.
 */
export function engineEnv(engine: Engine, { home, env = {} }: EngineEnvOptions): NodeJS.ProcessEnv {
  const inherited = Object.entries(process.env).filter(([name]) => !/^(PULUMI|DD|DATADOG|npm)_/i.test(name));
  return {
    ...Object.fromEntries(inherited),
    // This project's Node.js comes first: it runs the program and the provider.
    PATH: [engine.folder, path.join(ROOT, "node_modules", ".bin"), process.env["PATH"]].join(path.delimiter),
    // The compiler that the SDK runs TypeScript with leaves its cache there.
    TMPDIR: home,
    PULUMI_HOME: home,
    PULUMI_BACKEND_URL: `file://${home}`,
    PULUMI_CONFIG_PASSPHRASE: "local",
    PULUMI_SKIP_UPDATE_CHECK: "true",
    ...env,
  };
}
