import { appendFileSync } from "node:fs";
import process from "node:process";
import { beforeAll, describe, test } from "vitest";
import { harmIn, long, report } from "../../../support/figures";
import { inParallel } from "../in-parallel";
import type { Case } from "./case";
import { faults, isOf } from "./faults";
import { type Operation, operationsIn } from "./operations";
import type { Point } from "./requests";
import { pointsOf, runCase } from "./run-case";
import { type Ending, undisturbedEnding } from "./rules";
import { inPartOfTheDay, seed } from "./sample";
import { type Api, type Setting, describeSetting, readLags, uniqueness, users } from "./settings";

/** Where each case's line goes, if anywhere. */
const file = process.env["FAULT_MATRIX_FILE"];

/**
 * In so many days, or long runs with other seeds, all cases are tried. The ordinary user's without late reads are what
 * `npm run test:all` tries every time, so a week of short runs sees as much.
 */
const DAYS = { ordinary: 7, others: 100 };
/** Instead, in the long run: all of them, or a share. */
const longDays = Math.round(1 / Number(process.env["FAULT_MATRIX_SHARE"] ?? 1));

const isOrdinary = ({ user, readLag }: Setting) => user === "ordinary" && readLag === 0;

/**
 * Every fault at every request of every operation in 81 settings, once, and if that makes a difference or the run is long
 * also lasting: 196,000 cases, or 325,000. The short run tries the day's part of them, and the long run all.
 */
export function defineFaultMatrix(api: Api): void {
  for (const setting of settingsOf(api))
    describe(describeSetting(setting), () => {
      for (const operation of operationsIn(setting)) definePart(setting, operation);
    });
}

/** All cases of the ordinary user without late reads. */
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
    test("ends as it must where nothing goes wrong", ({ expect }) => {
      expect(undisturbed.ending).toBe(undisturbedEnding({ setting, operation }));
    });
    for (const fault of faults) {
      const title = `${fault.label} leaves the program's keys, or a way back to them`;
      // Concurrent, since some of them wait.
      test.concurrent(title, async ({ expect }) => {
        const cases = casesOf(setting, operation, undisturbed.points).filter((one) => one.fault === fault);
        expect(await violationsIn(cases)).toBe("");
      });
    }
  });
}

function definePart(setting: Setting, operation: Operation): void {
  const days = long ? longDays : isOrdinary(setting) ? DAYS.ordinary : DAYS.others;
  const title = `${operation.label} under ${long ? "every fault" : "some faults"} leaves the program's keys, or a way back to them`;
  test.concurrent(title, { ...(long && { timeout: 3_600_000 }) }, async ({ expect }) => {
    const undisturbed = await pointsOf(operation, setting);
    expect(undisturbed.ending).toBe(undisturbedEnding({ setting, operation }));
    const product = casesOf(setting, operation, undisturbed.points);
    const cases = product.filter((one) => inPartOfTheDay(one, days));
    report({ "matrix cases left out": product.length - cases.length });
    expect(await violationsIn(cases)).toBe("");
  });
}

/** Every fault at every request, once and, where that makes a difference or in the long run, lasting. */
function casesOf(setting: Setting, operation: Operation, points: readonly Point[]): Case[] {
  return faults.flatMap((fault) =>
    points
      .filter(({ route }) => isOf(fault, route.includes("/v1/") ? "v1" : "v2"))
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
