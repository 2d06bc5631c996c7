import { execa } from "execa";
import path from "node:path";
import { expect, test } from "vitest";
import { installPackagesOf } from "../../../tools/own-packages.mts";

const folder = "test/sandbox/all/official-client";
await installPackagesOf(folder);
// The path is computed, so the type check of the root does not need that client.
await import(path.resolve(folder, "client.ts"));

test("the tests with the official client pass the type check", { timeout: 120_000 }, async () => {
  expect((await execa("tsc", ["-p", folder], { preferLocal: true, reject: false, all: true })).all).toBe("");
});
