import { appendFileSync } from "node:fs";
import process from "node:process";
import { beforeAll, describe, test } from "vitest";
import { harmIn, long, report } from "../../../support/figures";
import { faults, isOf } from "./faults";
import { operations } from "./operations";
import { type Point, pointsOf, runCase } from "./run-case";
import { type Api, type Setting, settingOf } from "./settings";

/** Where each case's line goes, if anywhere. */
const file = process.env["FAULT_MATRIX_FILE"];

/** Every fault at every request of every operation, once and lasting. */
export function defineFaultMatrix(api: Api): void {
  for (const names of ["unique", "duplicate"] as const) {
    const setting = settingOf(api, names);
    describe(`${api}, ${names} names`, () => {
      for (const operation of operations) {
        if (operation.needs === undefined || fits(operation.needs, setting)) defineOperation(setting, operation);
      }
    });
  }
}

function fits(needs: "v1" | "v2", { api }: Setting): boolean {
  return needs === "v1" ? api === "v1" : api !== "v1";
}

function defineOperation(setting: Setting, operation: (typeof operations)[number]): void {
  describe(operation.label, () => {
    let undisturbed: { points: Point[]; ending: string };
    beforeAll(async () => {
      undisturbed = await pointsOf(operation, setting);
    });
    for (const fault of faults) {
      const title = `${fault.label} leaves the program's keys, or a way back to them`;
      // Concurrent, since some of them wait.
      test.concurrent(title, { timeout: 60_000 }, async ({ expect }) => {
        const lastings = fault.lasts || long ? [false, true] : [false];
        const points = undisturbed.points.filter(({ route }) => isOf(fault, route.includes("/v1/") ? "v1" : "v2"));
        const cases = points.flatMap((point) => lastings.map((lasting) => ({ point, lasting })));
        const results = await Promise.all(
          cases.map((at) => runCase({ setting, operation, fault, ...at }, undisturbed.ending)),
        );
        const violations = results.flatMap((result) => result.violations);
        const injected = results.reduce((sum, result) => sum + result.injected, 0);
        report({ "matrix cases": results.length, "faults injected": injected, ...harmIn(violations) });
        if (file) appendFileSync(file, results.map(({ line }) => `${line}\n`).join(""));
        expect(violations.join("\n")).toBe("");
      });
    }
  });
}
