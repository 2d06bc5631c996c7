import { execa } from "execa";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import path from "node:path";
import { expect, test } from "vitest";
import { releaseNotes } from "../../../tools/release.mts";
import { temporaryFolder } from "../support/fake-engine.ts";

async function checkout(version: string, sandboxVersion: string, changelog: string): Promise<string> {
  const root = await temporaryFolder();
  await mkdir(path.join(root, "sandbox"));
  await writeFile(path.join(root, "package.json"), JSON.stringify({ version }));
  await writeFile(path.join(root, "sandbox/package.json"), JSON.stringify({ version: sandboxVersion }));
  await writeFile(path.join(root, "CHANGELOG.md"), changelog);
  return root;
}

test("the versions of both packages and the newest section of CHANGELOG.md agree", async () => {
  const { version } = JSON.parse(await readFile("package.json", "utf8")) as { version: string };
  expect(await releaseNotes(process.cwd(), `v${version}`)).toMatch(/^- /m);
});

test("a commit with a release tag has the version of its tag", async () => {
  const { stdout, failed } = await execa("git", ["tag", "--points-at", "HEAD", "--list", "v*"], { reject: false });
  for (const tag of failed ? [] : stdout.split("\n").filter(Boolean)) await releaseNotes(process.cwd(), tag);
});

test("the text of a release is its section of CHANGELOG.md", async () => {
  const root = await checkout(
    "1.2.0",
    "1.2.0",
    "# Changelog\n\n## 1.2.0\n\n- New.\n\n### Also\n\n- Newer.\n\n## 1.1.0\n\n- Old.\n",
  );
  expect(await releaseNotes(root, "v1.2.0")).toBe("- New.\n\n### Also\n\n- Newer.\n");
  const only = await checkout("1.2.0", "1.2.0", "# Changelog\n\n## 1.2.0\n\n- New.\n");
  expect(await releaseNotes(only, "v1.2.0")).toBe("- New.\n");
});

test("a tag that differs from a version or from CHANGELOG.md is refused, and the error names each", async () => {
  const root = await checkout("1.2.0", "1.1.0", "# Changelog\n\n## 1.3.0\n\n## 1.1.0\n\n- Old.\n");
  await expect(releaseNotes(root, "v1.2.0")).rejects.toThrow(
    'v1.2.0 cannot be released: sandbox/package.json has version 1.1.0; the newest section of CHANGELOG.md is "1.3.0"; ' +
      "CHANGELOG.md has no text for 1.3.0",
  );
});
