import { execa } from "execa";
import { readFile } from "node:fs/promises";
import path from "node:path";
import { beforeAll, expect, test } from "vitest";
import { freshFolder, importKey, live, pack, write } from "./support/layout.ts";
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

test("the tarball, installed by npm, has the command that imports keys", async () => {
  // A stack output would be a change that is none of the key's.
  await write(folder, { ...project("imported.js"), "imported.js": commonJs.replace(/^exports.*$/m, "") });
  await importKey(folder);
});

test("the sandbox's tarball, installed by npm, has its command", async () => {
  const { stdout } = await execa("datadog-key-sandbox", ["--help"], {
    cwd: folder,
    localDir: folder,
    preferLocal: true,
  });
  expect(stdout).toContain("--one-time-read");
});

test("a stack trace from it shows the sources' lines where Node.js is asked to map them", async () => {
  const script = `require("pulumi-datadog-application-key/provider").create({ name: "ci" }).catch((error) => console.log(error.stack))`;
  const env = Object.fromEntries(Object.entries(process.env).filter(([name]) => !/^(DD|DATADOG)_/.test(name)));
  const { stdout } = await execa("node", ["--enable-source-maps", "-e", script], {
    cwd: folder,
    env,
    extendEnv: false,
  });
  expect(stdout).toMatch(/^\w*Error: .*datadog:apiKey/);
  const [frame = "", file = "", line = ""] =
    /\((.*[\\/]provider[\\/]lifecycle[\\/]observing[\\/]organisations\.ts):(\d+):\d+\)/.exec(stdout) ?? [];
  expect(frame, stdout).toContain(path.join(folder, "node_modules"));
  const source = await readFile(path.join("provider/lifecycle/observing", path.basename(file)), "utf8");
  expect(source.split("\n")[Number(line) - 1]).toContain("new LifecycleError(");
});
