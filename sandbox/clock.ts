import { setTimeout } from "node:timers/promises";

/** The sandbox's time: real by default; a test may give it a clock of its own, which never waits. */
export class Clock {
  /** Milliseconds since some moment of its own. */
  readonly now: () => number;
  readonly #offset: number;
  #lastMicroseconds = 0;

  constructor(now: () => number = () => performance.now()) {
    this.now = now;
    this.#offset = Date.now() - now();
  }

  /** Datadog's form of a time, with microseconds. No two are the same, so that sorting by creation has one right answer. */
  timestamp(): string {
    const microseconds = Math.round((this.#offset + this.now()) * 1000);
    this.#lastMicroseconds = Math.max(microseconds, this.#lastMicroseconds + 1);
    return formatted(this.#lastMicroseconds);
  }
}

function formatted(microseconds: number): string {
  const rest = String(microseconds % 1000).padStart(3, "0");
  return new Date(microseconds / 1000).toISOString().replace("Z", `${rest}+00:00`);
}

/** Waits; when the sandbox is closed meanwhile, it fails, so that what was to come does not happen after the end. */
export async function pause(ms: number, ended: AbortSignal): Promise<void> {
  await setTimeout(ms, undefined, { signal: ended });
}
