import { mkdir, mkdtemp, readdir, rm } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import process from "node:process";
import { execa } from "execa";
import { expect, onTestFinished, test } from "vitest";
import { descendants } from "../../../tools/processes.mts";
import { isRunning } from "../support/index.ts";

/** Starts the demo with its own temporary folder, so the test can see what it leaves behind. */
async function startDemo() {
  const folder = await mkdtemp(path.join(os.tmpdir(), "demo-test-"));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  const temporary = path.join(folder, "temporary");
  await mkdir(temporary);
  const demo = execa(process.execPath, ["tools/demo.mts"], { env: { TMPDIR: temporary }, all: true, reject: false });
  return { demo, temporary };
}

test("the demo shows the life of a key and leaves nothing behind", async () => {
  const checkout = await readdir(".");
  const { demo, temporary } = await startDemo();
  const { exitCode, all } = await demo;
  expect(all).toMatch(/hash *: \[secret\]/);
  expect(all).toContain('~ name: "ci-deployer" => "ci-renamed"');
  expect(all).toMatch(/~ name *: "ci-renamed" => "renamed-behind-your-back"/);
  expect(all).toContain("The sandbox has no key left.");
  expect(all).not.toMatch(/[0-9a-f]{40}|ddapp_/i);
  expect(exitCode).toBe(0);
  expect(await readdir(temporary)).toEqual([]);
  expect(await readdir(".")).toEqual(checkout);
});

test("an interrupted demo leaves nothing behind", async () => {
  const { demo, temporary } = await startDemo();
  await new Promise<void>((reached) => {
    demo.stdout.on("data", (text: Buffer) => {
      if (text.includes("ApplicationKey ci creating")) reached();
    });
  });
  const started = await descendants(demo.pid ?? 0);
  expect(started.some(({ cmd = "" }) => cmd.includes("dynamic-provider"))).toBe(true);
  demo.kill("SIGINT");
  expect((await demo).exitCode).toBe(130);
  for (const { pid } of started) await expect.poll(() => isRunning(pid)).toBe(false);
  expect(await readdir(temporary)).toEqual([]);
});
