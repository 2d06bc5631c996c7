import { execa } from "execa";
import { readFile } from "node:fs/promises";
import path from "node:path";
import { beforeAll, expect, test } from "vitest";
import { freshFolder, importKey, expectLifecycle, pack, write } from "./support/layout.ts";
import { commonJs, esModule, project } from "./support/programs.ts";

let folder: string;

// The SDK comes from the checkout, so little is downloaded. `npm run test:long` installs everything with each package
// manager.
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
])("after npm installs the tarball, %s works", async (_, main) => {
  await write(folder, project(main));
  await expectLifecycle(folder);
});

test("after npm installs the tarball, the command that imports keys works", async () => {
  // The program has no stack output, because a preview would show it as another change.
  await write(folder, { ...project("imported.js"), "imported.js": commonJs.replace(/^exports.*$/m, "") });
  await importKey(folder);
});

test("after npm installs the sandbox's tarball, its command works", async () => {
  const { stdout } = await execa("datadog-key-sandbox", ["--help"], {
    cwd: folder,
    localDir: folder,
    preferLocal: true,
  });
  expect(stdout).toContain("--one-time-read");
});

test("with --enable-source-maps, a stack trace of the installed package shows lines of the sources", async () => {
  const script = `require("pulumi-datadog-application-key/provider").create({ name: "ci" }).catch((error) => console.log(error.stack))`;
  const env = Object.fromEntries(Object.entries(process.env).filter(([name]) => !/^(DD|DATADOG)_/.test(name)));
  const { stdout } = await execa("node", ["--enable-source-maps", "-e", script], {
    cwd: folder,
    env,
    extendEnv: false,
  });
  expect(stdout).toMatch(/^\w*Error: .*datadog:apiKey/);
  const [frame = "", file = "", line = ""] =
    /\((.*[\\/]provider[\\/]lifecycle[\\/]observing[\\/]organisation-cache\.ts):(\d+):\d+\)/.exec(stdout) ?? [];
  expect(frame, stdout).toContain(path.join(folder, "node_modules"));
  const source = await readFile(path.join("provider/lifecycle/observing", path.basename(file)), "utf8");
  expect(source.split("\n")[Number(line) - 1]).toContain("new LifecycleError(");
});
