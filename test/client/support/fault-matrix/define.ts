import { appendFileSync } from "node:fs";
import process from "node:process";
import { beforeAll, describe, test } from "vitest";
import { harmIn, long, report } from "../../../support/figures";
import { inParallel } from "../in-parallel";
import type { Case } from "./case";
import { faults, canOccurIn } from "./faults";
import { type Operation, operationsIn } from "./operations";
import type { Point } from "./requests";
import { pointsOf, runCase } from "./run-case";
import { type Ending, undisturbedEnding } from "./rules";
import { inPartOfTheDay, seed } from "./sample";
import { type Api, type Setting, describeSetting, readLags, uniqueness, users } from "./settings";

/** A file that gets a line for each case, if it is set. */
const file = process.env["FAULT_MATRIX_FILE"];

/**
 * The number of days (or of runs with different seeds) in which all cases are tried. `npm run test:all` tries the cases
 * of the ordinary user without late reads every time, so a week of short runs tries as much.
 */
const DAYS = { ordinary: 7, others: 100 };
/** The same number for a long run, which tries all cases or a share of them. */
const longDays = Math.round(1 / Number(process.env["FAULT_MATRIX_SHARE"] ?? 1));

const isOrdinary = ({ user, readLag }: Setting) => user === "ordinary" && readLag === 0;

/**
 * Every fault at every request of every operation in 81 settings. Each fault is tried once, and also as a lasting one
 * if that makes a difference or the run is long. That makes 196,000 cases, or 325,000 in the long run. The short run
 * tries the day's part of them, the long run all.
 */
export function defineFaultMatrix(api: Api): void {
  for (const setting of settingsOf(api))
    describe(describeSetting(setting), () => {
      for (const operation of operationsIn(setting)) definePart(setting, operation);
    });
}

/** Defines all cases of the ordinary user without late reads. */
export function defineOrdinaryMatrix(api: Api): void {
  for (const setting of settingsOf(api).filter(isOrdinary))
    describe(describeSetting(setting), () => {
      for (const operation of operationsIn(setting)) defineInFull(setting, operation);
    });
}

function settingsOf(api: Api): Setting[] {
  return uniqueness.flatMap((names) =>
    users.flatMap((user) => readLags.map((readLag) => ({ api, names, user, readLag }))),
  );
}

interface Undisturbed {
  readonly points: readonly Point[];
  readonly ending: Ending;
}

function defineInFull(setting: Setting, operation: Operation): void {
  describe(operation.label, () => {
    let undisturbed: Undisturbed;
    beforeAll(async () => {
      undisturbed = await pointsOf(operation, setting);
    });
    test("ends as expected when nothing goes wrong", ({ expect }) => {
      expect(undisturbed.ending).toBe(undisturbedEnding({ setting, operation }));
    });
    for (const fault of faults) {
      const title = `after ${fault.label}, the program's keys are there, or an error says how to get them`;
      // The tests are concurrent because some of them wait.
      test.concurrent(title, async ({ expect }) => {
        const cases = casesOf(setting, operation, undisturbed.points).filter((one) => one.fault === fault);
        expect(await violationsIn(cases)).toBe("");
      });
    }
  });
}

function definePart(setting: Setting, operation: Operation): void {
  const days = long ? longDays : isOrdinary(setting) ? DAYS.ordinary : DAYS.others;
  const title = `${operation.label}: after ${long ? "every fault" : "some faults"}, the program's keys are there, or an error says how to get them`;
  test.concurrent(title, { ...(long && { timeout: 3_600_000 }) }, async ({ expect }) => {
    const undisturbed = await pointsOf(operation, setting);
    expect(undisturbed.ending).toBe(undisturbedEnding({ setting, operation }));
    const product = casesOf(setting, operation, undisturbed.points);
    const cases = product.filter((one) => inPartOfTheDay(one, days));
    report({ "matrix cases left out": product.length - cases.length });
    expect(await violationsIn(cases)).toBe("");
  });
}

/** Every fault at every request, once, and also as a lasting one if that makes a difference or the run is long. */
function casesOf(setting: Setting, operation: Operation, points: readonly Point[]): Case[] {
  return faults.flatMap((fault) =>
    points
      .filter(({ route }) => canOccurIn(fault, route.includes("/v1/") ? "v1" : "v2"))
      .flatMap((point) =>
        (fault.lasts || long ? [false, true] : [false]).map((lasting) => ({
          setting,
          operation,
          fault,
          point,
          lasting,
          struck: points.filter((other) => other === point || (lasting && comesAfter(other, point))),
        })),
      ),
  );
}

function comesAfter(other: Point, { number, method, route }: Point): boolean {
  return other.number > number && other.method === method && other.route === route;
}

async function violationsIn(cases: readonly Case[]): Promise<string> {
  const violations: string[] = [];
  let injected = 0;
  await inParallel(4, cases, async (one) => {
    const result = await runCase(one);
    violations.push(...result.violations);
    injected += result.injected;
    if (file) appendFileSync(file, `${result.line}\n`);
  });
  report({ "matrix cases": cases.length, "faults injected": injected, ...harmIn(violations) });
  if (violations.length > 0) violations.push(`FAULT_MATRIX_SEED=${seed} tries the same cases again.`);
  return violations.join("\n");
}
