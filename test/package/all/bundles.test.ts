import { execa } from "execa";
import { cp, mkdir, symlink } from "node:fs/promises";
import path from "node:path";
import { beforeAll, test } from "vitest";
import { freshFolder, pack, expectPreview, expectMissingPackage, write } from "../support/layout.ts";
import { commonJs, esModule, project } from "../support/programs.ts";

const sdk = path.resolve("node_modules/@pulumi/pulumi");

let workshop: string;

beforeAll(async () => {
  workshop = await freshFolder();
  await write(workshop, {
    "package.json": { name: "program", private: true, allowScripts: { esbuild: true } },
    "index.mjs": esModule,
    "index.js": commonJs,
  });
  const packages = [await pack(process.cwd()), sdk, "esbuild@0", "@vercel/ncc@0"];
  await execa("npm", ["install", "--no-audit", "--no-fund", "--prefer-offline", ...packages], { cwd: workshop });
});

const build = (command: string, ...args: string[]) =>
  execa(command, args, { cwd: workshop, localDir: workshop, preferLocal: true });

const esbuild = (output: string, ...flags: string[]) =>
  build("esbuild", "index.mjs", "--bundle", "--platform=node", `--outfile=${output}`, ...flags);

// ncc cannot bundle the SDK.
const ncc = (input: string, output: string) =>
  build("ncc", "build", input, "--out", path.dirname(output), "--external", "@pulumi/pulumi");

// In an ES module, esbuild's replacement of `require` fails unless `require` is defined (see docs/bundling.md).
const withRequire =
  '--banner:js=import { createRequire } from "node:module"; const require = createRequire(import.meta.url);';

interface Bundle {
  readonly main: string;
  readonly make: (output: string) => Promise<unknown>;
}

const bundles: Record<string, Bundle> = {
  "esbuild, as CommonJS": { main: "cjs/index.js", make: (output) => esbuild(output, "--external:@pulumi/pulumi") },
  "esbuild, as CommonJS with the SDK": { main: "whole/index.js", make: (output) => esbuild(output) },
  "esbuild, as an ES module": {
    main: "esm/index.mjs",
    make: (output) => esbuild(output, "--format=esm", "--external:@pulumi/pulumi", withRequire),
  },
  "ncc, as CommonJS": { main: "ncc-cjs/index.js", make: (output) => ncc("index.js", output) },
  "ncc, as an ES module": { main: "ncc-esm/index.mjs", make: (output) => ncc("index.mjs", output) },
};

test.each(Object.entries(bundles))(
  "a bundle of %s works if the package is installed, and otherwise says that it is missing",
  async (_, { main, make }) => {
    await make(main);
    await write(workshop, project(main));
    await expectPreview(workshop);

    const folder = await freshFolder();
    await cp(path.dirname(path.join(workshop, main)), path.join(folder, "dist"), { recursive: true });
    await mkdir(path.join(folder, "node_modules/@pulumi"), { recursive: true });
    await symlink(sdk, path.join(folder, "node_modules/@pulumi/pulumi"), "junction");
    await write(folder, project(`dist/${path.basename(main)}`));
    await expectMissingPackage(folder, path.join(folder, "dist"));
  },
);

test("a bundle with external packages works if the package is installed", async () => {
  const main = "external/index.mjs";
  await esbuild(main, "--format=esm", "--packages=external");
  await write(workshop, project(main));
  await expectPreview(workshop);
});
