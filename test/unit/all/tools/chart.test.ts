import { execa } from "execa";
import { readFile, writeFile } from "node:fs/promises";
import path from "node:path";
import { expect, test } from "vitest";
import { installPackagesOf } from "../../../../tools/own-packages.mts";
import { temporaryFolder } from "../../support/fake-engine.ts";

test("a chart of the benchmark has each column and step, and passes the type check", async () => {
  await installPackagesOf("tools/chart");
  const folder = await temporaryFolder();
  const report = path.join(folder, "report.json");
  const chart = path.join(folder, "chart.svg");
  const results = ["floor", "ours v1"].flatMap((column) =>
    [1, 100].map((keys) => ({ column, keys, step: "preview", delayMs: 0, median: keys / 10 })),
  );
  await writeFile(report, JSON.stringify({ results }));
  await execa("node", ["tools/chart.mts", report, chart]);
  const svg = await readFile(chart, "utf8");
  for (const text of ["floor", "ours v1", "seconds"]) expect(svg).toContain(text);
  expect((await execa("tsc", ["-p", "tools/chart"], { preferLocal: true, reject: false, all: true })).all).toBe("");
}, 180_000);
