import { mkdir, readFile, stat, writeFile } from "node:fs/promises";
import path from "node:path";
import { expect, onTestFinished, test, vi } from "vitest";
import { descendants, signal } from "../../../tools/processes.mts";
import { type ImportProject, importFolders, importProject } from "../support/import-command.ts";

/** Starts an import and waits until Pulumi reads the import file, which contains the secrets. */
async function atWork(made: ImportProject) {
  made.sandbox.add({ name: "ci" });
  const command = made.spawn(["--all", "--yes"]);
  onTestFinished(() => command.cleanUp());
  const folders = await vi.waitUntil(
    async () => {
      const found = await importFolders(made.temporary);
      return found.length > 0 && found;
    },
    { timeout: 100_000, interval: 5 },
  );
  const pulumi = await vi.waitUntil(
    async () => (await descendants(command.pid)).find(({ cmd = "" }) => cmd.includes("pulumi import --file")),
    { timeout: 20_000, interval: 5 },
  );
  return { command, pulumi, folder: path.join(made.temporary, folders[0] ?? "") };
}

test("only the owner can read the import file while Pulumi runs, and a killed Pulumi leaves no file", async () => {
  const made = await importProject();
  const { command, pulumi, folder } = await atWork(made);
  expect((await stat(folder)).mode & 0o777).toBe(0o700);
  const file = path.join(folder, "import.json");
  expect((await stat(file)).mode & 0o777).toBe(0o600);
  expect(await readFile(file, "utf8")).toContain(made.sandbox.keys()[0]?.key);
  signal(pulumi.pid, "SIGKILL");
  const { exitCode, stderr } = await command.finished;
  expect(exitCode).toBe(1);
  expect(stderr).toContain("The command pulumi import ended with an error (see above). Nothing was imported.");
  expect(await importFolders(made.temporary)).toEqual([]);
});

test("Ctrl-C ends the command and Pulumi, and leaves no file", async () => {
  const made = await importProject();
  const { command, pulumi } = await atWork(made);
  // A terminal sends the signal to both processes. Without one, the command passes it on.
  const { exitCode } = await command.interrupt();
  expect(exitCode).toBeUndefined();
  expect(await importFolders(made.temporary)).toEqual([]);
  expect((await descendants(process.pid)).some(({ pid }) => pid === pulumi.pid)).toBe(false);
});

test("the next run removes the file of a killed run and imports the remaining keys", async () => {
  const made = await importProject();
  const { command } = await atWork(made);
  await command.kill("everything");
  expect(await importFolders(made.temporary)).toHaveLength(1);
  await made.stack.run(["cancel", "--yes", "--stack", "dev"]);
  const next = await made.run(["--all", "--yes"]);
  expect(next.exitCode, next.all).toBe(0);
  expect(await importFolders(made.temporary)).toEqual([]);
  await made.follow(next);
  expect(await made.stack.preview({ flags: ["--expect-no-changes"] })).toMatchObject({ exitCode: 0 });
});

/** A folder with a `pulumi` that only prints its version. */
async function stubbed(folder: string, version: string): Promise<string> {
  const bin = path.join(folder, "bin");
  await mkdir(bin);
  await writeFile(path.join(bin, "pulumi"), `#!/bin/sh\necho ${version}\n`, { mode: 0o755 });
  return bin;
}

test("an old or missing Pulumi is an error before anything else, and the error says what works without it", async () => {
  const { project, since, run } = await importProject();
  const old = await run(["--all", "--yes"], { env: { PATH: await stubbed(project.folder, "v3.253.1") } });
  expect(old).toMatchObject({ exitCode: 1, stdout: "" });
  expect(old.stderr).toMatch(/needs Pulumi 3\.254 or later, and this is v3\.253\.1\..*`adopt: true`/);
  const none = await run(["--all", "--yes"], { env: { PATH: project.folder } });
  expect(none).toMatchObject({ exitCode: 1, stderr: expect.stringContaining("no `pulumi` on the PATH") as string });
  const asking = await run(["--all"]);
  expect(asking).toMatchObject({ exitCode: 2, stderr: expect.stringContaining("Add --yes, or --dry-run") as string });
  expect(await run(["--nonsense"])).toMatchObject({ exitCode: 2 });
  expect(since()).toEqual([]);
});
