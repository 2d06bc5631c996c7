import { markdownTable } from "markdown-table";
import type { Loading } from "./imports.mts";
import { judge, type Verdict } from "./limits.mts";
import type { Result } from "./race.mts";
import type { Report } from "./report.mts";
import { steps, titles } from "./steps.mts";

/** The whole report as Markdown, which is readable in a terminal. */
export function toMarkdown(report: Report): string {
  const { results, imports, engine, node, platform } = report;
  const heats = new Map<string, Result[]>();
  for (const result of results) {
    const heat = `${result.keys}/${result.delayMs}`;
    heats.set(heat, [...(heats.get(heat) ?? []), result]);
  }
  const sections = [
    `Pulumi ${engine}, Node.js ${node}, ${platform}. Seconds are medians; ratios are medians of each round's ratio to the floor.`,
    ...[...heats.values()].map(heatSection),
    section("Requests", requestRows(results)),
    section("Peak memory of the provider process (MiB)", memoryRows(results)),
    section("Bytes of state a key, at 100 keys", [
      ["column", "bytes"],
      ...Object.entries(report.stateBytes).map(([column, bytes]) => [column, bytes.toFixed(0)]),
    ]),
    section("Loading, beside `@pulumi/pulumi`", [
      ["what", "ms", "files", "packages"],
      ["the package, in a program", ...loading(imports.program), imports.programLoads.join(", ") || "none"],
      [
        "the lifecycle, in the provider process",
        ...loading(imports.lifecycle),
        imports.lifecycleLoads.join(", ") || "none",
      ],
      ["and what sends requests", ...loading(imports.sending), "axios and its dependencies, valibot"],
    ]),
    section("Limits", limitRows(judge(report))),
  ];
  return `${sections.join("\n\n")}\n`;
}

function loading({ milliseconds, files }: Loading): string[] {
  return [milliseconds.toFixed(1), String(files)];
}

function section(title: string, rows: string[][]): string {
  return `### ${title}\n\n${markdownTable(rows)}`;
}

function heatSection(heat: readonly Result[]): string {
  const { keys = 0, delayMs = 0 } = heat[0] ?? {};
  const columns = [...new Set(heat.map(({ column }) => column))];
  const cell = (one: Result | undefined) => {
    if (!one) return "";
    return one.column === "floor" ? one.median.toFixed(2) : `${one.median.toFixed(2)} (×${one.ratio.toFixed(2)})`;
  };
  const rows = steps.map((step) => [
    titles[step],
    ...columns.map((column) => cell(heat.find((one) => one.step === step && one.column === column))),
  ]);
  const title = `${keys.toLocaleString("en")} key${keys === 1 ? "" : "s"}, Datadog answers after ${delayMs} ms`;
  return section(`${title}: seconds (${roundsOf(heat)})`, [["", ...columns], ...rows]);
}

/** Slow steps have more rounds than the rest. */
function roundsOf(heat: readonly Result[]): string {
  const counts = heat.map(({ seconds }) => seconds.length);
  const [fewest, most] = [Math.min(...counts), Math.max(...counts)];
  return `${fewest === most ? "" : `${fewest} to `}${most} round${most === 1 ? "" : "s"}`;
}

function requestRows(results: readonly Result[]): string[][] {
  const keys = results.find(({ keys }) => keys === 100)?.keys ?? results[0]?.keys ?? 0;
  const shown = results.filter((one) => one.keys === keys && one.column !== "floor");
  const rows = shown.flatMap(({ column, step, requests }) =>
    Object.entries(requests).map(([kind, count]) => [column, titles[step], kind, String(count)]),
  );
  const unique = new Map(rows.map((row) => [row.join(), row]));
  return [["column", `${keys} key(s)`, "request", "times"], ...unique.values()];
}

function memoryRows(results: readonly Result[]): string[][] {
  const sizes = [...new Set(results.map(({ keys }) => keys))];
  const columns = [...new Set(results.map(({ column }) => column))];
  const peak = (column: string, keys: number) => {
    const own = results.filter((one) => one.column === column && one.keys === keys);
    if (own.length === 0) return "not run";
    const peaks = own.flatMap(({ peakMemory }) => (peakMemory === undefined ? [] : [peakMemory]));
    return peaks.length === 0 ? "not measured, because it needs Linux's /proc" : Math.max(...peaks).toFixed(0);
  };
  return [
    ["column", ...sizes.map((keys) => `${keys.toLocaleString("en")} key(s)`)],
    ...columns.map((column) => [column, ...sizes.map((keys) => peak(column, keys))]),
  ];
}

function limitRows(verdicts: readonly Verdict[]): string[][] {
  const rows = verdicts.map(({ what, limit, figure, holds }) => [
    what,
    limit,
    figure ?? "not measured in this run",
    holds === undefined ? "" : holds ? "yes" : "**no**",
  ]);
  return [["what", "at most", "measured", "holds"], ...rows];
}
