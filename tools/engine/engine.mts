import { constants } from "node:fs";
import { access, realpath } from "node:fs/promises";
import path from "node:path";
import process from "node:process";
import { execa } from "execa";

/** The engine to fetch if there is none. One on PATH may be any other of its major version. */
export const ENGINE_VERSION = "3.259.0";

/** A Pulumi CLI with everything it needs to run Node.js programs beside it. */
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

/** The engine in a folder, if it runs. The file may be half a download or for another platform. */
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

/** Whether the engine can run Node.js programs without our language host, like the official one. */
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
  /** A folder for the CLI's settings, plugins, and stacks. */
  home: string;
  /** More variables. They override the others. */
  env?: NodeJS.ProcessEnv;
}

/**
 * The complete environment for the engine, without the user's own Pulumi or Datadog settings. For the Automation API,
 * assign it to `process.env`, where that looks for `pulumi`.
 */
export function engineEnv(engine: Engine, { home, env = {} }: EngineEnvOptions): NodeJS.ProcessEnv {
  const inherited = Object.entries(process.env).filter(([name]) => !/^(PULUMI|DD|DATADOG|npm)_/i.test(name));
  return {
    ...Object.fromEntries(inherited),
    // This project's Node.js comes first, because it runs the program and the provider.
    PATH: [engine.folder, path.join(ROOT, "node_modules", ".bin"), process.env["PATH"]].join(path.delimiter),
    // The SDK's TypeScript compiler stores its cache there.
    TMPDIR: home,
    PULUMI_HOME: home,
    PULUMI_BACKEND_URL: `file://${home}`,
    PULUMI_CONFIG_PASSPHRASE: "local",
    PULUMI_SKIP_UPDATE_CHECK: "true",
    ...env,
  };
}
