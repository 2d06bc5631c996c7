import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, readdirSync, rmSync, statSync, symlinkSync, utimesSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { removeLeftovers, writePrivateFile } from "../../../provider/import/private-file.ts";

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(path.join(os.tmpdir(), "private-file-"));
  vi.stubEnv("TMPDIR", folder);
});

afterEach(() => {
  vi.unstubAllEnvs();
  rmSync(folder, { recursive: true });
});

test.skipIf(process.platform === "win32")("only the owner can read the file, and it is removed with its folder", () => {
  const file = writePrivateFile("text");
  expect(readFileSync(file.path, "utf8")).toBe("text");
  expect(statSync(file.path).mode & 0o777).toBe(0o600);
  expect(statSync(path.dirname(file.path)).mode & 0o777).toBe(0o700);
  file.remove();
  file.remove();
  expect(readdirSync(folder)).toEqual([]);
});

test("the files of a dead run are removed, and nothing else", () => {
  const dead = spawnSync(process.execPath, ["--version"]).pid;
  const prefix = path.join(folder, "pulumi-datadog-application-key-import-");
  const left = mkdtempSync(`${prefix}${dead}-`);
  const link = `${prefix}${dead}-link`;
  symlinkSync(os.tmpdir(), link);
  const kept = [
    mkdtempSync(`${prefix}${process.ppid}-`),
    mkdtempSync(`${prefix}x-`),
    mkdtempSync(path.join(folder, `${dead}-`)),
  ];
  removeLeftovers();
  expect(existsSync(left)).toBe(false);
  for (const other of [...kept, link]) expect(existsSync(other)).toBe(true);
});

test("the files of a dead run are removed even if another process has its process id", () => {
  const prefix = path.join(folder, "pulumi-datadog-application-key-import-");
  const [own, others] = [mkdtempSync(`${prefix}${process.pid}-`), mkdtempSync(`${prefix}${process.ppid}-`)];
  const twoMinutesAgo = Date.now() / 1_000 - 120;
  utimesSync(others, twoMinutesAgo, twoMinutesAgo);
  removeLeftovers();
  for (const left of [own, others]) expect(existsSync(left)).toBe(false);
});

test("a run keeps marking its file as in use", () => {
  vi.useFakeTimers();
  const file = writePrivateFile("text");
  const itsFolder = path.dirname(file.path);
  const twoMinutesAgo = Date.now() / 1_000 - 120;
  utimesSync(itsFolder, twoMinutesAgo, twoMinutesAgo);
  vi.advanceTimersByTime(5_000);
  expect(statSync(itsFolder).mtimeMs).toBeGreaterThan(Date.now() - 60_000);
  file.remove();
  vi.useRealTimers();
});
