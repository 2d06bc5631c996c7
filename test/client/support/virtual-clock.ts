import type { Clock } from "../../../provider/datadog/clock";

/** A clock that moves only during waits, which take no real time. */
export class VirtualClock implements Clock {
  /** The length of each wait, in milliseconds. */
  readonly waits: number[] = [];
  private time = 0;
  private readonly started = Date.now();

  /** @param duringWait runs during each wait, which ends after it */
  constructor(private readonly duringWait: (ms: number) => unknown = () => undefined) {}

  now(): number {
    return this.time;
  }

  date(): number {
    return this.started + this.time;
  }

  /** Moves the clock outside a wait. */
  advance(ms: number): void {
    this.time += ms;
  }

  async sleep(ms: number): Promise<void> {
    this.waits.push(ms);
    const until = this.time + ms;
    await this.duringWait(ms);
    // Pending answers arrive before the wait ends, as in a real wait.
    await new Promise(setImmediate);
    this.time = Math.max(this.time, until);
  }

  random(): number {
    return 0.5;
  }
}
