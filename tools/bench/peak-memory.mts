import { existsSync } from "node:fs";
import { readdir, readFile } from "node:fs/promises";
import { setInterval, clearInterval } from "node:timers";

/** Only Linux shows another process's peak. */
export const canMeasureMemory = existsSync("/proc/self/status");

const EVERY_MS = 100;

/**
 * Watches the provider that a command starts, and returns its peak memory in MiB. The system keeps the peak, so
 * occasional reads are enough. They miss only what happens after the last one.
 */
export function watchMemory(commandPid: number, providerProcess: string): { stop: () => number | undefined } {
  let provider: number | undefined;
  let peak: number | undefined;
  let looking = false;
  const look = async () => {
    provider ??= await findBelow(commandPid, providerProcess);
    if (provider !== undefined) peak = (await peakOf(provider)) ?? peak;
  };
  const ticker = setInterval(() => {
    if (looking || !canMeasureMemory) return;
    looking = true;
    void look().finally(() => (looking = false));
  }, EVERY_MS);
  return {
    stop: () => {
      clearInterval(ticker);
      return peak;
    },
  };
}

/**
 * The innermost descendant of a process whose command line contains a word: the process that a shell script started,
 * not the script.
 */
async function findBelow(pid: number, word: string): Promise<number | undefined> {
  for (const child of await childrenOf(pid)) {
    const below = await findBelow(child, word);
    if (below !== undefined) return below;
    if ((await textOf(`/proc/${child}/cmdline`)).includes(word)) return child;
  }
  return undefined;
}

async function childrenOf(pid: number): Promise<number[]> {
  const threads = await readdir(`/proc/${pid}/task`).catch(() => []);
  const lists = await Promise.all(threads.map((thread) => textOf(`/proc/${pid}/task/${thread}/children`)));
  return lists.flatMap((list) => list.split(" ").filter(Boolean).map(Number));
}

async function peakOf(pid: number): Promise<number | undefined> {
  const kibibytes = /^VmHWM:\s+(\d+) kB$/m.exec(await textOf(`/proc/${pid}/status`))?.[1];
  return kibibytes === undefined ? undefined : Number(kibibytes) / 1024;
}

/** Processes start and end while this reads them. */
async function textOf(file: string): Promise<string> {
  return readFile(file, "utf8").catch(() => "");
}
