import type { Clock } from "../../../provider/datadog/clock";

/** Time that passes only during waits, and then at once. */
export class VirtualClock implements Clock {
  /** All requested waits, in milliseconds. */
  readonly waits: number[] = [];
  private time = 0;
  private readonly started = Date.now();

  /** @param duringWait is awaited in each wait: what the world does meanwhile */
  constructor(private readonly duringWait: (ms: number) => unknown = () => undefined) {}

  now(): number {
    return this.time;
  }

  date(): number {
    return this.started + this.time;
  }

  /** Lets time pass while nobody sleeps. */
  advance(ms: number): void {
    this.time += ms;
  }

  async sleep(ms: number): Promise<void> {
    this.waits.push(ms);
    const until = this.time + ms;
    await this.duringWait(ms);
    // Pending answers come first, as they would in a real wait.
    await new Promise(setImmediate);
    this.time = Math.max(this.time, until);
  }

  random(): number {
    return 0.5;
  }
}
