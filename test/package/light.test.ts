import { execa } from "execa";
import { readFile, readdir, stat } from "node:fs/promises";
import path from "node:path";
import { expect, test } from "vitest";
import { freshFolder, pack, write } from "./support/layout.ts";

const MOST_PACKAGES = 20;
const MOST_BYTES = 4_000_000;

// The SDK is the checkout's, linked: what it brings itself counts here, though in a user's project it may serve both.
test("beside the SDK an installation adds few packages and few bytes", async () => {
  const folder = await freshFolder();
  await write(folder, { "package.json": { name: "program", private: true } });
  const sdk = path.resolve("node_modules/@pulumi/pulumi");
  await execa("npm", ["install", "--no-audit", "--no-fund", "--prefer-offline", await pack(process.cwd()), sdk], {
    cwd: folder,
  });

  const lock = JSON.parse(await readFile(path.join(folder, "node_modules/.package-lock.json"), "utf8")) as {
    packages: Record<string, { link?: true }>;
  };
  const added = Object.keys(lock.packages).filter(
    (place) => place.startsWith("node_modules/") && !lock.packages[place]?.link,
  );
  const sizes = await Promise.all(added.map(async (place) => [place, await sizeOf(path.join(folder, place))] as const));
  const listed = sizes.map(([place, size]) => `${place}: ${size} bytes`).join("\n");
  expect(added, listed).toContain("node_modules/pulumi-datadog-application-key");
  expect(added.length, listed).toBeLessThanOrEqual(MOST_PACKAGES);
  expect(
    sizes.reduce((sum, [, size]) => sum + size, 0),
    listed,
  ).toBeLessThanOrEqual(MOST_BYTES);
});

/** The bytes of a package's files, without those of packages below it. */
async function sizeOf(folder: string): Promise<number> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const own = entries
    .filter((entry) => entry.isFile())
    .map((entry) => path.join(entry.parentPath, entry.name))
    .filter((file) => !path.relative(folder, file).split(path.sep).includes("node_modules"));
  return (await Promise.all(own.map((file) => stat(file)))).reduce((sum, { size }) => sum + size, 0);
}
