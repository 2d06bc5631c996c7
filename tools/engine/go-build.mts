import path from "node:path";
import process from "node:process";
import { execa, ExecaError } from "execa";
import { isWritable } from "../writable.mjs";
import { temporaryCache, type Make } from "./cache.mts";
import { ENGINE_VERSION, fileNames } from "./engine.mts";

/** Has go.mod and go.sum, which pin the engine's modules and their checksums. */
const MODULE = path.join(import.meta.dirname, "go");
const COMMAND = "github.com/pulumi/pulumi/pkg/v3/cmd/pulumi";
const VERSION_VARIABLE = "github.com/pulumi/pulumi/sdk/v3/go/common/version.Version";

/**
 * Builds the CLI from Pulumi's own Go modules, for networks that reach only package registries. Respects the user's Go
 * settings (proxy, caches, toolchain). An interrupted build continues from Go's cache.
 */
export const buildFromModules: Make = async (folder, note) => {
  if (process.platform === "win32")
    throw new Error("not supported on Windows, where the engine's plugins are .exe files");
  const go = { cwd: MODULE, env: { GOWORK: "off", CGO_ENABLED: "0" }, stdin: "ignore" } as const;
  // In that folder, an older Go fetches the version that go.mod asks for or reports that it is too old.
  await execa("go", ["version"], go).catch((error: unknown) => {
    throw new Error(explain(error));
  });
  note("building the engine with go");
  const caches = await writableCaches();
  const options = { ...go, env: { ...go.env, ...caches }, lines: true } as const;
  const lastWords: string[] = [];
  const heard = (line: string) => {
    lastWords.push(line);
    if (lastWords.length > 20) lastWords.shift();
  };
  try {
    // Downloads the modules, printing a line for each to stderr, and prints a line for each package to compile.
    let downloaded = 0;
    const list = execa("go", ["list", "-mod=readonly", "-deps", COMMAND], options);
    for await (const line of list.iterable({ from: "stderr" })) {
      heard(line);
      if (line.startsWith("go: downloading ")) downloaded += 1;
      note(`building the engine with go: ${downloaded} modules downloaded`);
    }
    const packages = (await list).stdout.length;
    // With -v, go prints a line for each package that it compiles. Cached packages print none.
    let compiled = 0;
    const build = execa(
      "go",
      [
        "build",
        "-v",
        "-trimpath",
        "-mod=readonly",
        `-ldflags=-s -w -X ${VERSION_VARIABLE}=v${ENGINE_VERSION}`,
        `-o=${path.join(folder, fileNames.cli)}`,
        COMMAND,
      ],
      options,
    );
    for await (const line of build.iterable({ from: "stderr" })) {
      heard(line);
      if (!line.startsWith("go: ")) compiled += 1;
      note(`building the engine with go: ${compiled} of ${packages} packages compiled`);
    }
    await build;
    // Large and useless for anything else.
    if (Object.keys(caches).length > 0) await execa("go", ["clean", "-cache", "-modcache"], { env: caches });
  } catch (error) {
    throw new Error(`${explain(error)}\n${lastWords.join("\n")}`, { cause: error });
  }
};

/** Go's own caches, or folders in the temporary folder if those are not writable. */
async function writableCaches(): Promise<Record<string, string>> {
  const names = ["GOCACHE", "GOMODCACHE"] as const;
  const { stdout } = await execa("go", ["env", ...names]);
  const writable = await Promise.all(stdout.split("\n").map((folder) => isWritable(folder)));
  if (!writable.includes(false)) return {};
  const cache = await temporaryCache();
  return Object.fromEntries(names.map((name) => [name, path.join(cache, name.toLowerCase())]));
}

function explain(error: unknown): string {
  if (!(error instanceof ExecaError)) return String(error);
  if (error.code === "ENOENT") return "go is not installed";
  return [error.shortMessage, error.stderr].filter(Boolean).join("\n");
}
