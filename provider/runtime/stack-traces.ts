type Prepare = (error: Error, frames: NodeJS.CallSite[]) => unknown;

/** The stack-trace settings of Node.js. The second is optional. */
interface StackTraces {
  stackTraceLimit: number;
  prepareStackTrace?: Prepare;
}

/**
 * Shortens stack traces until the returned function is called, which must happen in the same synchronous code.
 *
 * For each property of a resource, the SDK takes four stack traces in case a promise never settles, and maps them
 * through source maps. That takes a third of a preview of a hundred keys, so they are left out. The engine stores one
 * more with the resource as `stackTrace`, a quarter of its state. That one keeps only the program's own frames, without
 * those of Node.js and the SDK.
 */
export function shortenStackTraces(): () => void {
  const current: StackTraces = Error;
  const { stackTraceLimit, prepareStackTrace } = current;
  current.stackTraceLimit = 0;
  // The SDK sets this in every program to map positions. Its mapping stays as it is.
  if (prepareStackTrace) {
    current.prepareStackTrace = (error, frames) => prepareStackTrace(error, withoutCallers(frames));
  }
  return () => {
    Object.assign(current, { stackTraceLimit, prepareStackTrace });
  };
}

/** The frames up to the program's outermost one, or all frames if the program has none. */
function withoutCallers(frames: NodeJS.CallSite[]): NodeJS.CallSite[] {
  const outermost = frames.findLastIndex((frame) => {
    const file = frame.getFileName();
    return file != null && !file.startsWith("node:") && !/[\\/]node_modules[\\/]/.test(file);
  });
  return outermost === -1 ? frames : frames.slice(0, outermost + 1);
}
