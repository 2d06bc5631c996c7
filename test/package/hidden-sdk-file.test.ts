import { execa } from "execa";
import { cp, mkdir, readdir, symlink } from "node:fs/promises";
import path from "node:path";
import { expect, test } from "vitest";
import { freshFolder, write } from "./support/layout.ts";

const sdk = path.resolve("node_modules/@pulumi/pulumi");

/** Installs the SDK with a package.json that exports only its main file. */
async function installSdk(modules: string): Promise<void> {
  const folder = path.join(modules, "@pulumi/pulumi");
  await mkdir(folder, { recursive: true });
  for (const name of await readdir(sdk))
    if (name !== "package.json") await symlink(path.join(sdk, name), path.join(folder, name));
  await write(folder, {
    "package.json": { name: "@pulumi/pulumi", version: "3.999.0", exports: { ".": "./index.js" } },
  });
}

test("a program works with an SDK that does not export the file which keeps secrets out of the debug log", async () => {
  const folder = await freshFolder();
  const own = path.join(folder, "node_modules/pulumi-datadog-application-key");
  await installSdk(path.join(folder, "node_modules"));
  await mkdir(own, { recursive: true });
  for (const part of ["package.json", "dist"]) await cp(part, path.join(own, part), { recursive: true });
  const program = `
    const pulumi = require("@pulumi/pulumi");
    try {
      require("@pulumi/pulumi/proto/resource_pb");
    } catch (error) {
      console.log(error.code);
    }
    pulumi.runtime.setMocks({ newResource: ({ inputs }) => ({ id: "id", state: inputs }), call: () => ({}) });
    const { ApplicationKey } = require("pulumi-datadog-application-key");
    new ApplicationKey("ci", { name: "ci-deployer" }).name.apply((name) => console.log(name));`;
  const { stdout } = await execa("node", ["-e", program], { cwd: folder });
  expect(stdout).toBe("ERR_PACKAGE_PATH_NOT_EXPORTED\nci-deployer");
});
