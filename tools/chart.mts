// Draws a chart of the results of `npm run bench -- --json FILE`: `npm run chart -- FILE CHART.svg`.
import { installPackagesOf } from "./own-packages.mts";

await installPackagesOf("tools/chart");
// Not a string literal, so that the root's type check does not need these packages.
await import(new URL("chart/draw.mts", import.meta.url).href);
