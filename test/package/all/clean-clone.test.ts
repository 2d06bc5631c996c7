import { execa } from "execa";
import { access, readFile, symlink } from "node:fs/promises";
import path from "node:path";
import { expect, test } from "vitest";
import { freshFolder, expectLifecycle, write } from "../support/layout.ts";
import { commonJs, project } from "../support/programs.ts";
import { startRegistry } from "../support/registry.ts";

const npmInstall = ["install", "--no-audit", "--no-fund", "--prefer-offline"];
const sdk = path.resolve("node_modules/@pulumi/pulumi");

/** A clone of this checkout as others would get it. Nothing in it is built. */
async function cloneOf(): Promise<string> {
  const folder = path.join(await freshFolder(), "clone");
  await execa("git", ["clone", "--quiet", "--no-hardlinks", process.cwd(), folder]);
  await expect(access(path.join(folder, "dist"))).rejects.toThrow("ENOENT");
  return folder;
}

/**
 * A clone that can be built. It links the installed packages of this checkout, because `npm ci` would install the same.
 */
async function installedClone(): Promise<string> {
  const clone = await cloneOf();
  await symlink(path.resolve("node_modules"), path.join(clone, "node_modules"), "junction");
  return clone;
}

async function programFolder(): Promise<string> {
  const folder = await freshFolder();
  const manifest = { name: "program", private: true };
  await write(folder, { "package.json": manifest, ...project("index.js"), "index.js": commonJs });
  return folder;
}

test("a clean clone packs completely, and the tarball can create, rename and revoke a key", async () => {
  const clone = await installedClone();
  const { stdout } = await execa("npm", ["pack", "--json"], { cwd: clone });
  const [{ filename } = { filename: "" }] = JSON.parse(stdout) as { filename: string }[];
  // After packing, npm has restored all files.
  expect((await execa("git", ["diff", "--stat"], { cwd: clone })).stdout).toBe("");
  const folder = await programFolder();
  const { all } = await execa("npm", [...npmInstall, path.join(clone, filename), sdk], { cwd: folder, all: true });
  // npm warns about packages with install scripts, including `prepare`.
  expect(all).not.toContain("pulumi-datadog-application-key");
  const manifest = await readFile(
    path.join(folder, "node_modules/pulumi-datadog-application-key/package.json"),
    "utf8",
  );
  expect(JSON.parse(manifest)).not.toHaveProperty("scripts");
  await expectLifecycle(folder);
});

/** These tests install a lot: everything that the checkout needs, and a registry. */
function installations(): void {
  test("an installation from a git URL can create, rename and revoke a key", async () => {
    const folder = await programFolder();
    await execa("npm", [...npmInstall, `git+file://${await cloneOf()}`, sdk], { cwd: folder });
    await expectLifecycle(folder);
  });

  test(
    "both packages can be published to a registry, and an installation from it can create, rename and revoke a key",
    { timeout: 1_200_000 },
    async () => {
      await using registry = await startRegistry();
      const { env } = registry;
      const clone = await installedClone();
      await execa("npm", ["publish", "--workspace", "datadog-key-sandbox"], { cwd: clone, env });
      await execa("npm", ["publish"], { cwd: clone, env });

      const folder = await programFolder();
      const { all } = await execa("npm", [...npmInstall, "pulumi-datadog-application-key", "@pulumi/pulumi"], {
        cwd: folder,
        env,
        all: true,
      });
      // npm warns about packages with install scripts. This package needs none.
      expect(all).not.toContain("pulumi-datadog-application-key");
      await execa("npm", [...npmInstall, "--save-dev", "datadog-key-sandbox"], {
        cwd: folder,
        env,
      });
      const command = await execa("datadog-key-sandbox", ["--help"], {
        cwd: folder,
        localDir: folder,
        preferLocal: true,
      });
      expect(command.stdout).toContain("--one-time-read");
      await expectLifecycle(folder);
    },
  );
}

if (process.env["TEST_LONG"]) installations();
else test.skip("git and registry are skipped, because they install everything again; `npm run test:long` runs them");
