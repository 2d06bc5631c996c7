// Draws a chart of what `npm run bench -- --json FILE` has measured: `npm run chart -- FILE CHART.svg`.
import { installPackagesOf } from "./own-packages.mts";

await installPackagesOf("tools/chart");
// Not a plain text, so that the type check of the root does without these packages.
await import(new URL("chart/draw.mts", import.meta.url).href);
