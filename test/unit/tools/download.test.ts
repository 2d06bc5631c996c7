import { createHash } from "node:crypto";
import { mkdir, readdir, readFile } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import path from "node:path";
import { execa } from "execa";
import { expect, onTestFinished, test } from "vitest";
import { archiveName, downloadFrom } from "../../../tools/engine/download.mts";
import { ENGINE_VERSION } from "../../../tools/engine/engine.mts";
import { fakeEngine, temporaryFolder } from "../support/fake-engine.ts";

const silent = () => undefined;
const checksums = `/pulumi-${ENGINE_VERSION}-checksums.txt`;

/** Starts a server that publishes files and answers 404 to other requests. */
async function publish(files: Record<string, string | Buffer>): Promise<string> {
  const server = createServer(({ url = "" }, response) => {
    const file = files[url];
    response.writeHead(file === undefined ? 404 : 200).end(file);
  });
  await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
  onTestFinished(() => void server.close());
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

async function release(): Promise<{ archive: Buffer; checksum: string; folder: string }> {
  const folder = await temporaryFolder();
  await fakeEngine(path.join(folder, "pulumi"), { languageHost: true });
  await execa("tar", ["-czf", archiveName(), "pulumi"], { cwd: folder });
  const archive = await readFile(path.join(folder, archiveName()));
  await mkdir(path.join(folder, "into"));
  return { archive, checksum: createHash("sha256").update(archive).digest("hex"), folder: path.join(folder, "into") };
}

test("a release is unpacked if its checksum matches the published one", async () => {
  const { archive, checksum, folder } = await release();
  const list = `${"0".repeat(64)}  pulumi-of-another-platform.tar.gz\n${checksum}  ${archiveName()}\n`;
  const place = await publish({ [checksums]: list, [`/${archiveName()}`]: archive });
  await downloadFrom([place])(folder, silent);
  expect(await readdir(folder)).toEqual(["pulumi", "pulumi-language-nodejs"]);
});

test("a release with a wrong checksum is refused before it is unpacked", async () => {
  const { archive, folder } = await release();
  const list = `${"0".repeat(64)}  ${archiveName()}\n`;
  const place = await publish({ [checksums]: list, [`/${archiveName()}`]: archive });
  await expect(downloadFrom([place])(folder, silent)).rejects.toThrow("checksum");
  expect(await readdir(folder)).toEqual([archiveName()]);
});

test("a server without the release is skipped", async () => {
  const { archive, checksum, folder } = await release();
  const empty = await publish({});
  const place = await publish({ [checksums]: `${checksum}  ${archiveName()}\n`, [`/${archiveName()}`]: archive });
  await downloadFrom([empty, place])(folder, silent);
  expect(await readdir(folder)).toContain("pulumi");
});

test("if no server has the release, the error has the answer of each", async () => {
  const { folder } = await release();
  const empty = await publish({});
  await expect(downloadFrom([empty, "http://127.0.0.1:9"])(folder, silent)).rejects.toThrow(
    /answers 404.*127\.0\.0\.1:9/,
  );
});
