// Draws the results of `npm run bench -- --json FILE`: `npm run chart -- FILE CHART.svg`.
import { readFile, writeFile } from "node:fs/promises";
import { Command } from "commander";
import * as vega from "vega";
import { compile, type TopLevelSpec } from "vega-lite";
import type { Report } from "../bench/report.mts";
import { titles, type Step } from "../bench/steps.mts";

const SHOWN: readonly Step[] = ["preview", "up", "refresh", "rename", "destroy"];
const COLUMNS = { floor: "#9aa0a6", "naive v1": "#d1495b", "ours v1": "#632ca6" };

await new Command("chart")
  .description("Draws the time over the number of keys, from the measurements of npm run bench.")
  .argument("<report>", "the file that --json wrote")
  .argument("<svg>", "the file for the chart")
  .action(async (from: string, to: string) => {
    const report = JSON.parse(await readFile(from, "utf8")) as Report;
    const view = new vega.View(vega.parse(compile(specification(report)).spec), { renderer: "none" });
    await writeFile(to, `${await view.toSVG()}\n`);
  })
  .parseAsync();

function specification({ results }: Report): TopLevelSpec {
  const values = results
    .filter(({ column, delayMs, step }) => column in COLUMNS && delayMs === 0 && SHOWN.includes(step))
    .map(({ column, keys, step, median }) => ({ column, keys, step: titles[step], seconds: median }));
  return {
    $schema: "https://vega.github.io/schema/vega-lite/v6.json",
    background: "white",
    padding: 12,
    data: { values },
    facet: { field: "step", type: "nominal", title: null, sort: SHOWN.map((step) => titles[step]) },
    columns: 3,
    spec: {
      width: 190,
      height: 170,
      mark: { type: "line", point: true, strokeWidth: 2 },
      encoding: {
        x: {
          field: "keys",
          type: "quantitative",
          title: "keys",
          scale: { type: "log" },
          axis: { values: [1, 100, 1000], format: ",d", grid: false },
        },
        y: {
          field: "seconds",
          type: "quantitative",
          title: "seconds",
          scale: { type: "log" },
          axis: { values: [0.5, 1, 2, 5, 10, 20, 50, 100, 200, 500], format: "~g" },
        },
        color: {
          field: "column",
          type: "nominal",
          title: null,
          scale: { domain: Object.keys(COLUMNS), range: Object.values(COLUMNS) },
        },
      },
    },
  };
}
