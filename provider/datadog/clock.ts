import { setTimeout as sleep } from "node:timers/promises";

/** Time and chance, so that tests can bring their own. */
export interface Clock {
  /** Milliseconds since some fixed moment. */
  now(): number;
  /** Milliseconds since 1970, by this machine's clock. */
  date(): number;
  /** Resolves after that many milliseconds. Fails only with an {@link InterruptedError}. */
  sleep(ms: number): Promise<void>;
  /** A number from 0 up to 1, for jitter. */
  random(): number;
}

/** The user interrupted a wait. */
export class InterruptedError extends Error {
  override name = "InterruptedError";
}

export const systemClock: Clock = {
  now: () => performance.now(),
  date: () => Date.now(),
  sleep: (ms) => sleep(ms),
  random: () => Math.random(),
};

/** The same clock, but its waits fail as soon as the user interrupts the command. */
export function interruptible(clock: Clock, interruption: AbortSignal): Clock {
  return {
    now: () => clock.now(),
    date: () => clock.date(),
    random: () => clock.random(),
    sleep: (ms) =>
      new Promise((resolve, reject) => {
        const interrupt = () => {
          reject(new InterruptedError("interrupted"));
        };
        if (interruption.aborted) {
          interrupt();
          return;
        }
        interruption.addEventListener("abort", interrupt, { once: true });
        clock
          .sleep(ms)
          .finally(() => {
            interruption.removeEventListener("abort", interrupt);
          })
          .then(resolve, reject);
      }),
  };
}
