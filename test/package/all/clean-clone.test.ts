import { execa } from "execa";
import { access, readFile, symlink } from "node:fs/promises";
import path from "node:path";
import { expect, test } from "vitest";
import { freshFolder, live, write } from "../support/layout.ts";
import { commonJs, project } from "../support/programs.ts";
import { startRegistry } from "../support/registry.ts";

const npmInstall = ["install", "--no-audit", "--no-fund", "--prefer-offline"];
const sdk = path.resolve("node_modules/@pulumi/pulumi");

/** What is committed of this checkout, as somebody else would have it: nothing is built there. */
async function cloneOf(): Promise<string> {
  const folder = path.join(await freshFolder(), "clone");
  await execa("git", ["clone", "--quiet", "--no-hardlinks", process.cwd(), folder]);
  await expect(access(path.join(folder, "dist"))).rejects.toThrow("ENOENT");
  return folder;
}

/** One that can be built: `npm ci` there would install what is here. */
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

test("a clean clone packs itself whole, and the file serves a key's life", async () => {
  const clone = await installedClone();
  const { stdout } = await execa("npm", ["pack", "--json"], { cwd: clone });
  const [{ filename } = { filename: "" }] = JSON.parse(stdout) as { filename: string }[];
  // What npm changes while it packs is as before.
  expect((await execa("git", ["diff", "--stat"], { cwd: clone })).stdout).toBe("");
  const folder = await programFolder();
  const { all } = await execa("npm", [...npmInstall, path.join(clone, filename), sdk], { cwd: folder, all: true });
  // npm warns of packages with install scripts, `prepare` among them.
  expect(all).not.toContain("pulumi-datadog-application-key");
  const manifest = await readFile(
    path.join(folder, "node_modules/pulumi-datadog-application-key/package.json"),
    "utf8",
  );
  expect(JSON.parse(manifest)).not.toHaveProperty("scripts");
  await live(folder);
});

/** They install much: all that the checkout needs once more, and a registry. */
function installations(): void {
  test("a git URL installs it, and it serves a key's life", async () => {
    const folder = await programFolder();
    await execa("npm", [...npmInstall, `git+file://${await cloneOf()}`, sdk], { cwd: folder });
    await live(folder);
  });

  test(
    "both packages are published to a registry, and what is installed from there serves a key's life",
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
      // npm warns of packages with install scripts: this one needs none.
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
      await live(folder);
    },
  );
}

if (process.env["TEST_LONG"]) installations();
else test.skip("git and registry are left out, since they install everything anew: `npm run test:long` runs them");
