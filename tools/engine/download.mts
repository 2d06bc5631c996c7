import { createHash } from "node:crypto";
import { createReadStream, createWriteStream } from "node:fs";
import { rm } from "node:fs/promises";
import path from "node:path";
import process from "node:process";
import { Readable, Transform } from "node:stream";
import { pipeline } from "node:stream/promises";
import { execa } from "execa";
import type { Make, Note } from "./cache.mts";
import { ENGINE_VERSION } from "./engine.mts";

/** Where Pulumi publishes its releases, each with one file of SHA-256 checksums. */
const PLACES = [
  "https://get.pulumi.com/releases/sdk",
  `https://github.com/pulumi/pulumi/releases/download/v${ENGINE_VERSION}`,
];
/** A network that drops packets must not delay the next way to get an engine. */
const FIRST_ANSWER_MS = 8_000;
const STALLED_MS = 30_000;

/**
 * Downloads the official release, the CLI with every language host, from the first of these places that has it.
 *
 * Pulumi's own installers (npm's package `pulumi` and the SDK's `PulumiCommand.install`) cannot replace this. Both run
 * a script that they fetch, check no checksum, wait without limit, and accept half a download.
 */
export function downloadFrom(places: readonly string[]): Make {
  return async (folder, note) => {
    note("downloading the engine");
    const { url, checksum } = await publishedArchive(places);
    const archive = path.join(folder, archiveName());
    await fetchFile(url, archive, note);
    const actual = createHash("sha256");
    await pipeline(createReadStream(archive), actual);
    if (actual.digest("hex") !== checksum) throw new Error(`${url} does not have its published checksum`);
    // Archives for Unix contain a folder pulumi/, and the one for Windows pulumi/bin/.
    const depth = process.platform === "win32" ? 2 : 1;
    await execa("tar", ["-xf", archive, "-C", folder, `--strip-components=${depth}`]);
    await rm(archive);
  };
}

export const download = downloadFrom(PLACES);

export function archiveName(): string {
  const system = process.platform === "win32" ? "windows" : process.platform;
  const ending = process.platform === "win32" ? "zip" : "tar.gz";
  return `pulumi-v${ENGINE_VERSION}-${system}-${process.arch}.${ending}`;
}

/** The archive's address and its published checksum. */
async function publishedArchive(places: readonly string[]): Promise<{ url: string; checksum: string }> {
  const failures: string[] = [];
  for (const place of places) {
    try {
      const url = `${place}/pulumi-${ENGINE_VERSION}-checksums.txt`;
      const answer = await fetch(url, { signal: AbortSignal.timeout(FIRST_ANSWER_MS) });
      if (!answer.ok) throw new Error(`${url} answers ${answer.status}`);
      const entry = (await answer.text()).split("\n").find((line) => line.trim().endsWith(`  ${archiveName()}`));
      if (!entry) throw new Error(`${url} has no ${archiveName()}`);
      return { url: `${place}/${archiveName()}`, checksum: entry.slice(0, 64) };
    } catch (error) {
      failures.push(`${new URL(place).host}: ${reason(error)}`);
    }
  }
  throw new Error(failures.join("; "));
}

async function fetchFile(url: string, target: string, note: Note): Promise<void> {
  const stalled = new AbortController();
  const timer = setTimeout(() => {
    stalled.abort(new Error(`${url} sent nothing for ${STALLED_MS / 1000} s`));
  }, STALLED_MS);
  try {
    const answer = await fetch(url, { signal: stalled.signal });
    if (!answer.ok || !answer.body) throw new Error(`${url} answers ${answer.status}`);
    const total = Number(answer.headers.get("content-length"));
    let received = 0;
    const meter = new Transform({
      transform(chunk: Buffer, _encoding, next) {
        timer.refresh();
        received += chunk.length;
        note(`downloading the engine: ${megabytes(received)}${total ? ` of ${megabytes(total)}` : ""} MB`);
        next(null, chunk);
      },
    });
    await pipeline(Readable.fromWeb(answer.body), meter, createWriteStream(target));
  } finally {
    clearTimeout(timer);
  }
}

function megabytes(bytes: number): string {
  return (bytes / 1_000_000).toFixed(0);
}

/** fetch() says only "fetch failed". The real reason is in its cause. */
function reason(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error.cause instanceof Error ? error.cause.message : error.message;
}
