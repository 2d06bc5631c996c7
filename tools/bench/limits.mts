import type { Report } from "./report.mts";
import type { Result } from "./race.mts";
import { expectedRequests } from "./requests.mts";
import { ours } from "./columns.mts";

/** One of this package's own limits, and the measured value. */
export interface Verdict {
  what: string;
  limit: string;
  /** Undefined if it was not measured. */
  figure?: string;
  holds?: boolean;
}

/**
 * A difference in MiB would compare speeds, because V8 takes more memory at a time the faster a thousand keys are done.
 */
const MEMORY_RATIO = 1.25;
const STATE_BYTES = 2_700;
const TIME_RATIO = 1.1;
/** For a single key that sends something, because axios is loaded once, file by file. */
const SENDING_RATIO = 1.15;
const REFRESH_SECONDS = 0.3;
const IMPORT_MS = 15;
/** A program, or a preview that sends nothing, must load neither the HTTP client nor the validator. */
const HEAVY = ["axios", "valibot"];

export function judge(report: Report): Verdict[] {
  return [
    ...ours.map(({ name }) => requests(report, name)),
    ...ours.map(({ name }) => state(report, name)),
    ...[1, 100].flatMap((keys) => ours.map(({ name }) => time(report, keys, name))),
    ...ours.map(({ name }) => slowRefresh(report, name)),
    importing(report),
    ...ours.map(({ name }) => memory(report, name)),
    ...ours.map(({ name }) => rateLimit(report, name)),
  ];
}

function requests({ results }: Report, column: string): Verdict {
  const own = results.filter((result) => result.column === column);
  const wrong = own.filter((result) => !expectedRequests(result));
  const figure =
    wrong.length === 0
      ? "as designed"
      : wrong.map(({ keys, step, requests }) => `${step} of ${keys}: ${JSON.stringify(requests)}`).join("; ");
  return { what: `requests, ${column}`, limit: "as designed", ...(own.length > 0 && { figure, holds: !wrong.length }) };
}

function state({ stateBytes }: Report, column: string): Verdict {
  return atMost(
    `state a key at 100 keys, ${column}`,
    STATE_BYTES,
    stateBytes[column],
    (value) => `${value.toFixed(0)} bytes`,
  );
}

/** Whether a step exceeds a time limit. */
export function isTooSlow(result: Result): boolean {
  const { keys, delayMs, column, step, ratio, over } = result;
  if (ours.every(({ name }) => name !== column)) return false;
  if (delayMs === 0) return keys <= 100 && ratio > timeRatio(result);
  return keys === 100 && delayMs === 100 && step === "refresh" && over > REFRESH_SECONDS;
}

function timeRatio({ keys, requests }: Result): number {
  return keys === 1 && Object.keys(requests).length > 0 ? SENDING_RATIO : TIME_RATIO;
}

function time({ results }: Report, keys: number, column: string): Verdict {
  const steps = results.filter((result) => result.column === column && result.keys === keys && result.delayMs === 0);
  const excess = (result: Result) => result.ratio / timeRatio(result);
  const [worst] = steps.toSorted((one, other) => excess(other) - excess(one));
  const limit = worst ? timeRatio(worst) : TIME_RATIO;
  const measured = worst && { figure: `${worst.ratio.toFixed(2)} (${worst.step})`, holds: worst.ratio <= limit };
  return {
    what: `time over the floor's, ${keys} key(s), worst step, ${column}`,
    limit: limit.toFixed(2),
    ...measured,
  };
}

function slowRefresh({ results }: Report, column: string): Verdict {
  const result = results.find(
    ({ keys, delayMs, step, column: name }) => keys === 100 && delayMs === 100 && step === "refresh" && name === column,
  );
  const what = `refresh of 100 keys at 100 ms delay, over the floor's, ${column}`;
  return atMost(what, REFRESH_SECONDS, result?.over, (value) => `${value.toFixed(2)} s`);
}

function importing({ imports }: Report): Verdict {
  const heavy = [...imports.programLoads, ...imports.lifecycleLoads].filter((name) => HEAVY.includes(name));
  const verdict = atMost(
    "importing the package in a program",
    IMPORT_MS,
    imports.program.milliseconds,
    (ms) => `${ms.toFixed(1)} ms`,
  );
  return heavy.length === 0 ? verdict : { ...verdict, figure: `loads ${heavy.join(", ")}`, holds: false };
}

function memory({ results }: Report, column: string): Verdict {
  const peak = (name: string) => largest(results.filter((result) => result.keys === 1000 && result.column === name));
  const [own, floors] = [peak(column), peak("floor")];
  const ratio = own !== undefined && floors !== undefined ? own / floors : undefined;
  const what = `peak memory of the provider process over the floor's, 1,000 keys, ${column}`;
  return atMost(what, MEMORY_RATIO, ratio, (value) => value.toFixed(2));
}

function rateLimit({ rateLimits }: Report, column: string): Verdict {
  const measured = rateLimits[column];
  const what = `300 keys at 60 requests in 10 s, ${column}`;
  const limit = "55 s, 1 refused a window";
  if (!measured) return { what, limit };
  const { keys, requests, windowSeconds, seconds, refusedInAWindow } = measured;
  const most = 1.1 * Math.ceil(keys / requests) * windowSeconds;
  const figure = `${seconds.toFixed(1)} s, ${refusedInAWindow} refused a window`;
  return { what, limit, figure, holds: seconds <= most && refusedInAWindow <= 1 };
}

function atMost(what: string, limit: number, value: number | undefined, words: (value: number) => string): Verdict {
  const measured = value !== undefined && { figure: words(value), holds: value <= limit };
  return { what, limit: words(limit), ...measured };
}

function largest(results: readonly Result[]): number | undefined {
  const peaks = results.flatMap(({ peakMemory }) => (peakMemory === undefined ? [] : [peakMemory]));
  return peaks.length === 0 ? undefined : Math.max(...peaks);
}
