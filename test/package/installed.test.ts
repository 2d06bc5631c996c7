import { execa } from "execa";
import path from "node:path";
import { beforeAll, expect, test } from "vitest";
import { freshFolder, live, pack, write } from "./support/layout.ts";
import { commonJs, esModule, project } from "./support/programs.ts";

let folder: string;

// The SDK is the checkout's, so that little is fetched: `npm run test:long` installs everything, by each package manager.
beforeAll(async () => {
  folder = await freshFolder();
  await write(folder, {
    "package.json": { name: "program", private: true },
    "index.js": commonJs,
    "index.mjs": esModule,
  });
  const sdk = path.resolve("node_modules/@pulumi/pulumi");
  const tarballs = [await pack(process.cwd()), await pack(path.resolve("sandbox"))];
  await execa("npm", ["install", "--no-audit", "--no-fund", "--prefer-offline", ...tarballs, sdk], { cwd: folder });
});

test.each([
  ["a CommonJS program", "index.js"],
  ["an ES module", "index.mjs"],
])("the tarball, installed by npm, serves %s", async (_, main) => {
  await write(folder, project(main));
  await live(folder);
});

test("the sandbox's tarball, installed by npm, has its command", async () => {
  const { stdout } = await execa("datadog-key-sandbox", ["--help"], {
    cwd: folder,
    localDir: folder,
    preferLocal: true,
  });
  expect(stdout).toContain("--one-time-read");
});
