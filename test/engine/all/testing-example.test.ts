import { execa } from "execa";
import { mkdtemp, rm } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { engineEnv } from "../../../tools/engine/engine.mts";
import { getEngine } from "../../../tools/engine/get-engine.mts";

test("the unit test and the integration test of examples/testing pass", async () => {
  const home = await mkdtemp(path.join(os.tmpdir(), "testing-example-"));
  onTestFinished(() => rm(home, { recursive: true, force: true }));
  const { all, exitCode } = await execa("vitest", ["run"], {
    all: true,
    cwd: "examples/testing",
    env: engineEnv(await getEngine(), { home }),
    extendEnv: false,
    localDir: process.cwd(),
    preferLocal: true,
    reject: false,
  });
  expect(exitCode, all).toBe(0);
});
