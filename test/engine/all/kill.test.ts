import { afterAll, test } from "vitest";
import { report } from "../../support/figures.ts";
import { figures, Life } from "../support/kills/life.ts";
import { lifeOf, shown } from "../support/kills/points.ts";

const long = process.env["TEST_LONG"] === "1";

/** The number of lives. Each has five kills. */
const lives = long ? 40 : 4;

/** A normal run tries the same kills every day, a long run tries new ones. */
const firstSeed = Number(process.env["TEST_SEED"] ?? (long ? Date.now() % 1_000_000 : 10));

for (let number = 0; number < lives; number += 1) {
  const seed = firstSeed + number;
  const { mode, points } = lifeOf(number, seed);
  const where = `${mode.api} with ${mode.uniqueNames ? "unique" : "duplicate"} names`;

  // The lives run in parallel, because they mostly wait for killed processes.
  test.concurrent(
    `after any kill, the next up ends with the program's keys: ${where} (TEST_SEED=${seed - number})`,
    async ({ onTestFinished }) => {
      const life = await Life.begin(mode);
      onTestFinished(() => life.end());
      for (const point of points) {
        if (point.operation === "destroy") await life.expectSecrets();
        await life.killAndRecover(point).catch((error: unknown) => {
          throw new Error(`${shown(point)} (seed ${seed})`, { cause: error });
        });
      }
    },
    300_000,
  );
}

afterAll(() => {
  const { kills, leftBehind, orphaned, lost } = figures;
  report({ kills, "keys orphaned": orphaned, "keys lost": lost });
  process.stdout.write(
    `\n${kills} kills; ${leftBehind} keys left behind by them and found again; ${orphaned} orphaned; ${lost} lost\n`,
  );
});
