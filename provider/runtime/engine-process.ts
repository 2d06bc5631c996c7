import { subscribe } from "node:diagnostics_channel";
import { fstatSync } from "node:fs";

const interrupting = new AbortController();

/** Fires at the first Ctrl-C. */
export const interruption: AbortSignal = interrupting.signal;

let watching = false;

/**
 * Watches for what the engine does to its provider process and the SDK's plugin does not pass on. Call it only in that
 * process, never in a program that loads this package.
 */
export function watchEngine(): void {
  if (watching) return;
  watching = true;
  watchForInterruption();
  endWithEngine();
}

/**
 * At the first Ctrl-C the engine calls Cancel, which the plugin answers and ignores. A signal comes only with the
 * second one. This therefore listens for the incoming call. Some releases of Node.js 22 have no channel for that, so
 * there only the second Ctrl-C works, and it ends the process.
 */
function watchForInterruption(): void {
  subscribe("http2.server.stream.start", (message) => {
    const { headers } = message as { headers?: Readonly<Record<string, unknown>> };
    if (headers?.[":path"] === "/pulumirpc.ResourceProvider/Cancel") interrupting.abort();
  });
}

/**
 * The engine ends this process by a signal, unless the engine itself was killed. The process would then live on, and a
 * create that waits for a rate limit would create a key minutes later that no state knows. The only sign of a killed
 * engine is the end of this process's input pipe.
 */
function endWithEngine(): void {
  const input = fstatSync(0);
  if (!input.isFIFO() && !input.isSocket()) return;
  process.stdin.once("end", () => process.exit(1)).resume();
}
