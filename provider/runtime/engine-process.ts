import { subscribe } from "node:diagnostics_channel";
import { fstatSync } from "node:fs";

const interrupting = new AbortController();

/** Fires when the user wants the command to end: at the first Ctrl-C. */
export const interruption: AbortSignal = interrupting.signal;

let watching = false;

/**
 * Notes what the engine does to its provider process and what the SDK's plugin passes on to no provider. Only for that
 * process: in a program that loads this package, nothing is to be watched.
 */
export function watchEngine(): void {
  if (watching) return;
  watching = true;
  watchForInterruption();
  endWithEngine();
}

/**
 * At the first Ctrl-C the engine calls Cancel, which the plugin answers and drops; a signal comes only with the second
 * one. So the call is seen on its way in. Releases of Node.js 22 that have no such channel tell nothing: there it takes
 * the second Ctrl-C, which ends the process.
 */
function watchForInterruption(): void {
  subscribe("http2.server.stream.start", (message) => {
    const { headers } = message as { headers?: Readonly<Record<string, unknown>> };
    if (headers?.[":path"] === "/pulumirpc.ResourceProvider/Cancel") interrupting.abort();
  });
}

/**
 * The engine ends this process by a signal, unless it was killed itself. The process would then live on, and a create
 * that waits for a rate limit would make a key minutes later, for no state. All there is to see of a killed engine is
 * the end of the pipe that is this process's input.
 */
function endWithEngine(): void {
  const input = fstatSync(0);
  if (!input.isFIFO() && !input.isSocket()) return;
  process.stdin.once("end", () => process.exit(1)).resume();
}
