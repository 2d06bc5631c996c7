import { execa } from "execa";
import { readFile, readdir, stat } from "node:fs/promises";
import path from "node:path";
import { expect, test } from "vitest";
import { freshFolder, pack, write } from "./support/layout.ts";

const MOST_PACKAGES = 35;
const MOST_BYTES = 7_000_000;

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

/** Runs a script that may end in a promise, and gives the names of the packages that it loaded. */
async function packagesLoadedBy(script: string): Promise<string[]> {
  const files = `Object.keys(require.cache).join("\\n")`;
  const run = `require("@pulumi/pulumi/dynamic"); Promise.resolve(${script}).then(() => console.log(${files}))`;
  // Without credentials nothing is sent.
  const env = Object.fromEntries(Object.entries(process.env).filter(([name]) => !/^(DD|DATADOG)_/.test(name)));
  const { stdout } = await execa("node", ["-e", run], { env, extendEnv: false });
  const names = stdout.matchAll(/.*[\\/]node_modules[\\/]((?:@[^\\/]+[\\/])?[^\\/]+)/g);
  return [...new Set([...names].map(([, name = ""]) => name.replace("\\", "/")))];
}

/** The bytes of a package's files, without those of packages below it. */
async function sizeOf(folder: string): Promise<number> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const own = entries
    .filter((entry) => entry.isFile())
    .map((entry) => path.join(entry.parentPath, entry.name))
    .filter((file) => !path.relative(folder, file).split(path.sep).includes("node_modules"));
  return (await Promise.all(own.map((file) => stat(file)))).reduce((sum, { size }) => sum + size, 0);
}
