import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { onTestFinished, vi } from "vitest";

/** A folder for one test. */
export async function temporaryFolder(): Promise<string> {
  const folder = await mkdtemp(path.join(os.tmpdir(), "tools-test-"));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

/** A program that only prints its version. The search for an engine needs no more. */
export async function fakeEngine(folder: string, { version = "v3.1.2", languageHost = false } = {}): Promise<string> {
  await mkdir(folder, { recursive: true });
  await executable(path.join(folder, "pulumi"), `echo ${version}`);
  if (languageHost) await executable(path.join(folder, "pulumi-language-nodejs"), "exit 1");
  return folder;
}

export async function executable(file: string, text: string): Promise<void> {
  await writeFile(file, `#!/bin/sh\n${text}\n`, { mode: 0o755 });
}

/** Lets one test see only this cache, and only these folders on PATH besides the system's. */
export function surroundings({ cache, onPath = [] }: { cache: string; onPath?: string[] }): void {
  vi.stubEnv("XDG_CACHE_HOME", cache);
  vi.stubEnv("PATH", [...onPath, "/usr/bin", "/bin"].join(path.delimiter));
  onTestFinished(() => {
    vi.unstubAllEnvs();
  });
}
