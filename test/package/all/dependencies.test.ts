import { execa } from "execa";
import { readFile } from "node:fs/promises";
import path from "node:path";
import { expect, test } from "vitest";
import { freshFolder, pack, write } from "../support/layout.ts";

const npm = async (folder: string, ...words: string[]) => (await execa("npm", words, { cwd: folder })).stdout;

test("npm ls and npm sbom list axios, and an override in the program changes its version", async () => {
  const folder = await freshFolder();
  const older = "1.12.0";
  await write(folder, {
    "package.json": { name: "program", version: "1.0.0", private: true, overrides: { axios: older } },
  });
  // The SDK is omitted because it is large. npm accepts that.
  const flags = ["--no-audit", "--no-fund", "--prefer-offline", "--omit=peer", "--legacy-peer-deps"];
  await npm(folder, "install", ...flags, await pack(process.cwd()));

  const installed = await readFile(path.join(folder, "node_modules/axios/package.json"), "utf8");
  expect(JSON.parse(installed)).toMatchObject({ version: older });
  expect(await npm(folder, "ls", "axios")).toContain(`axios@${older}`);
  const { components } = JSON.parse(await npm(folder, "sbom", "--sbom-format=cyclonedx", "--legacy-peer-deps")) as {
    components: { name: string; version: string }[];
  };
  expect(components).toContainEqual(expect.objectContaining({ name: "axios", version: older }));
  // The older version has everything that this package needs.
  const adapter = `require("axios").getAdapter("http")`;
  expect((await execa("node", ["-p", `typeof ${adapter}`], { cwd: folder })).stdout).toBe("function");
});
