type Prepare = (error: Error, frames: NodeJS.CallSite[]) => unknown;

/** What Node.js lets programs set of stack traces; nobody has to set the second. */
interface StackTraces {
  stackTraceLimit: number;
  prepareStackTrace?: Prepare;
}

/**
 * Makes stack traces short until the returned function is called, which belongs into the same synchronous piece of code.
 *
 * For each property of a resource the SDK takes four stack traces, in case one of its promises never settles, and maps them
 * through source maps: a third of a preview of a hundred keys. They are left out. One more becomes the `stackTrace` that
 * the engine stores with the resource, a quarter of its state: of that one the program's own frames are kept, and not
 * those of Node.js and the SDK which have called the program.
 */
export function shortenStackTraces(): () => void {
  const current: StackTraces = Error;
  const { stackTraceLimit, prepareStackTrace } = current;
  current.stackTraceLimit = 0;
  // The SDK has this set in every program, to map positions; what it does with them stays as it is.
  if (prepareStackTrace) {
    current.prepareStackTrace = (error, frames) => prepareStackTrace(error, withoutCallers(frames));
  }
  return () => {
    Object.assign(current, { stackTraceLimit, prepareStackTrace });
  };
}

/** The frames up to the outermost one of the program; all where it has none. */
function withoutCallers(frames: NodeJS.CallSite[]): NodeJS.CallSite[] {
  const outermost = frames.findLastIndex((frame) => {
    const file = frame.getFileName();
    return file != null && !file.startsWith("node:") && !/[\\/]node_modules[\\/]/.test(file);
  });
  return outermost === -1 ? frames : frames.slice(0, outermost + 1);
}
