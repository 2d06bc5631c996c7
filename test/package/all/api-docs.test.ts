import { execa } from "execa";
import { mkdtemp, readFile, readdir, rm } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { expect, onTestFinished, test } from "vitest";

test("docs/api matches the docstrings (if not, run `npm run docs`)", async () => {
  const fresh = await mkdtemp(path.join(os.tmpdir(), "api-docs-"));
  onTestFinished(() => rm(fresh, { recursive: true }));
  await execa("node", ["tools/docs.mts", "--out", fresh]);
  expect(await pages("docs/api")).toEqual(await pages(fresh));
});

async function pages(folder: string): Promise<Record<string, string>> {
  const names = (await readdir(folder)).sort();
  return Object.fromEntries(
    await Promise.all(names.map(async (name) => [name, await readFile(path.join(folder, name), "utf8")] as const)),
  );
}
