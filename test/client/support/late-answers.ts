import type { FaultEffect } from "../../../sandbox/index";

/** For `failAtRandom`: requests and answers take some milliseconds, so they overtake each other. */
export const lateAnswers: readonly FaultEffect[] = [1, 3, 6, 12].flatMap((ms) => [
  { kind: "delay", ms },
  { kind: "delay-after", ms },
]);
