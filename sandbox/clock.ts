import { setTimeout } from "node:timers/promises";

/** The sandbox's time. Real by default. A test may pass a clock that never waits. */
export class Clock {
  /** Milliseconds since some fixed moment. */
  readonly now: () => number;
  readonly #offset: number;
  #lastMicroseconds = 0;

  constructor(now: () => number = () => performance.now()) {
    this.now = now;
    this.#offset = Date.now() - now();
  }

  /**
   * A time in Datadog's format, with microseconds. Times are unique, so that sorting by creation has one right order.
   */
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

/** Waits. Fails if the sandbox is closed meanwhile, so that nothing happens after the end. */
export async function pause(ms: number, ended: AbortSignal): Promise<void> {
  await setTimeout(ms, undefined, { signal: ended });
}
