import { execa } from "execa";
import { readFile, readdir, stat } from "node:fs/promises";
import path from "node:path";
import { expect, test } from "vitest";
import { freshFolder, pack, write } from "./support/layout.ts";

const MOST_PACKAGES = 35;
const MOST_BYTES = 7_000_000;

test("an installation adds few packages and few bytes to the SDK", async () => {
  const sdk = JSON.parse(await readFile("node_modules/@pulumi/pulumi/package.json", "utf8")) as { version: string };
  const dependencies = { "@pulumi/pulumi": sdk.version };
  const alone = new Set(await lockedBy(dependencies));
  const tarball = await pack(process.cwd());
  const together = await lockedBy({ ...dependencies, "pulumi-datadog-application-key": `file:${tarball}` });
  const added = together.filter((place) => !alone.has(place));
  expect(added).toContain("node_modules/axios");
  expect(added.length, added.join("\n")).toBeLessThanOrEqual(MOST_PACKAGES);

  // The test measures their sizes without installing the SDK, which is large.
  const folder = await freshFolder();
  await write(folder, { "package.json": { name: "program", private: true } });
  await npmInstall(folder, tarball, path.resolve("node_modules/@pulumi/pulumi"));
  const packages = new Set(added.map((place) => place.slice(place.lastIndexOf("node_modules/"))));
  const sizes = await Promise.all(
    [...packages].map(async (place) => [place, await sizeOf(path.join(folder, place))] as const),
  );
  const listed = sizes.map(([place, size]) => `${place}: ${size} bytes`).join("\n");
  expect(
    sizes.reduce((sum, [, size]) => sum + size, 0),
    listed,
  ).toBeLessThanOrEqual(MOST_BYTES);
});

const npmInstall = (folder: string, ...words: string[]) =>
  execa("npm", ["install", "--no-audit", "--no-fund", "--prefer-offline", ...words], { cwd: folder });

/** The paths of the packages that npm would install for a program. Nothing is downloaded. */
async function lockedBy(dependencies: Record<string, string>): Promise<string[]> {
  const folder = await freshFolder();
  await write(folder, { "package.json": { name: "program", private: true, dependencies } });
  await npmInstall(folder, "--package-lock-only");
  const lock = JSON.parse(await readFile(path.join(folder, "package-lock.json"), "utf8")) as { packages: object };
  return Object.keys(lock.packages).filter((place) => place !== "");
}

test("a program loads neither axios nor the validator, and the provider process only when it first sends a request", async () => {
  const program = await packagesLoadedBy(`require("pulumi-datadog-application-key")`);
  const lifecycle = `require("pulumi-datadog-application-key/provider")`;
  const compared = await packagesLoadedBy(`${lifecycle}.diff("id", { name: "a" }, { name: "b" })`);
  for (const loaded of [program, compared]) {
    expect(loaded).toContain("@pulumi/pulumi");
    expect(loaded).not.toContain("axios");
    expect(loaded).not.toContain("valibot");
  }
  const sent = await packagesLoadedBy(`${lifecycle}.create({ name: "a" }).catch((error) => error)`);
  expect(sent).toEqual(expect.arrayContaining(["axios", "valibot"]));
});

/** Runs a script that may end in a promise, and returns the names of the packages that it loaded. */
async function packagesLoadedBy(script: string): Promise<string[]> {
  const files = `Object.keys(require.cache).join("\\n")`;
  const run = `require("@pulumi/pulumi/dynamic"); Promise.resolve(${script}).then(() => console.log(${files}))`;
  // Without credentials the provider sends nothing.
  const env = Object.fromEntries(Object.entries(process.env).filter(([name]) => !/^(DD|DATADOG)_/.test(name)));
  const { stdout } = await execa("node", ["-e", run], { env, extendEnv: false });
  const names = stdout.matchAll(/.*[\\/]node_modules[\\/]((?:@[^\\/]+[\\/])?[^\\/]+)/g);
  return [...new Set([...names].map(([, name = ""]) => name.replace("\\", "/")))];
}

/** The size of a package's files in bytes, without nested packages. */
async function sizeOf(folder: string): Promise<number> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const own = entries
    .filter((entry) => entry.isFile())
    .map((entry) => path.join(entry.parentPath, entry.name))
    .filter((file) => !path.relative(folder, file).split(path.sep).includes("node_modules"));
  return (await Promise.all(own.map((file) => stat(file)))).reduce((sum, { size }) => sum + size, 0);
}
