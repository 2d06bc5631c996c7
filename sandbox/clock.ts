import { setTimeout } from "node:timers/promises";

let lastMicroseconds = 0;

/** Datadog's form of a time, with microseconds. No two are the same, so that sorting by creation has one right answer. */
export function timestamp(): string {
  lastMicroseconds = Math.max(Date.now() * 1000, lastMicroseconds + 1);
  const rest = String(lastMicroseconds % 1000).padStart(3, "0");
  return new Date(lastMicroseconds / 1000).toISOString().replace("Z", `${rest}+00:00`);
}

/** Waits; when the sandbox is closed meanwhile, it fails, so that what was to come does not happen after the end. */
export async function pause(ms: number, ended: AbortSignal): Promise<void> {
  await setTimeout(ms, undefined, { signal: ended });
}
