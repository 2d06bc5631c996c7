import process from "node:process";
import { setInterval } from "node:timers";

/** @typedef {"SIGINT" | "SIGTERM" | "SIGHUP"} Interruption */

/**
 * Calls back when this process should end: once for each signal, and when its npm script is gone. npm passes signals to
 * the script's shell, and a shell that a signal ends does not end what it started.
 * @param {(signal: Interruption, reason: string) => void} callback
 */
export function onInterrupt(callback) {
  for (const signal of /** @type {Interruption[]} */ (["SIGINT", "SIGTERM", "SIGHUP"])) {
    process.on(signal, () => {
      callback(signal, `by ${signal}`);
    });
  }
  if (!process.env["npm_lifecycle_event"]) return;
  const parent = process.ppid;
  const watch = setInterval(() => {
    if (process.ppid === parent) return;
    watch.close();
    callback("SIGTERM", "because its npm script has ended");
  }, 250);
  watch.unref();
}
