// Draws the CLI's output as a terminal shows it, with colours.
import xterm, { type IBufferCell } from "@xterm/headless";

const COLUMNS = 110;
const FONT_PX = 14;
const CELL = { width: 8.4, height: 19 };
const MARGIN = 16;
const BACKGROUND = "#1e1e2e";
const FOREGROUND = "#cdd6f4";
/**
 * The sixteen named terminal colours: black, red, green, yellow, blue, magenta, cyan, white, and their bright versions.
 */
const PALETTE = [
  ..."#45475a #f38ba8 #a6e3a1 #f9e2af #89b4fa #cba6f7 #94e2d5 #bac2de".split(" "),
  ..."#7f849c #f38ba8 #a6e3a1 #f9e2af #89b4fa #f5c2e7 #94e2d5 #ffffff".split(" "),
];

/** An SVG of a text with colour escape sequences, as tall as the text. */
export async function drawTerminal(text: string): Promise<string> {
  const terminal = new xterm.Terminal({
    cols: COLUMNS,
    rows: 1,
    scrollback: 10_000,
    convertEol: true,
    allowProposedApi: true,
  });
  await new Promise<void>((written) => {
    terminal.write(text.trimEnd(), written);
  });
  const { active } = terminal.buffer;
  const lines = Array.from({ length: active.length }, (_, row) => drawLine(cellsOf(active.getLine(row)), row));
  terminal.dispose();
  const width = Math.ceil(COLUMNS * CELL.width + 2 * MARGIN);
  const height = Math.ceil(lines.length * CELL.height + 2 * MARGIN);
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}">`,
    `<rect width="${width}" height="${height}" rx="8" fill="${BACKGROUND}"/>`,
    `<g font-family="ui-monospace, SFMono-Regular, Menlo, Consolas, monospace" font-size="${FONT_PX}" fill="${FOREGROUND}" xml:space="preserve">`,
    ...lines.filter((line) => line !== ""),
    "</g>",
    "</svg>\n",
  ].join("\n");
}

type Line = NonNullable<ReturnType<xterm.Terminal["buffer"]["active"]["getLine"]>>;

function cellsOf(line: Line | undefined): IBufferCell[] {
  const cells = Array.from({ length: line?.length ?? 0 }, (_, column) => line?.getCell(column));
  return cells.filter((cell) => cell !== undefined);
}

function drawLine(cells: readonly IBufferCell[], row: number): string {
  const runs: { style: string; text: string }[] = [];
  for (const cell of cells) {
    const style = styleOf(cell);
    const text = cell.getChars() || " ";
    const last = runs.at(-1);
    if (last?.style === style) last.text += text;
    else runs.push({ style, text });
  }
  const text = runs
    .map(({ text }) => text)
    .join("")
    .trimEnd();
  let left = text.length;
  const spans = runs.flatMap(({ style, text }) => {
    const shown = text.slice(0, Math.max(left, 0));
    left -= text.length;
    if (shown === "") return [];
    return style === "" ? [escape(shown)] : [`<tspan${style}>${escape(shown)}</tspan>`];
  });
  if (spans.length === 0) return "";
  const y = MARGIN + row * CELL.height + FONT_PX;
  // Keeps the columns aligned in any font.
  const length = (text.length * CELL.width).toFixed(1);
  return `<text x="${MARGIN}" y="${y}" textLength="${length}" lengthAdjust="spacing">${spans.join("")}</text>`;
}

function styleOf(cell: IBufferCell): string {
  const colour = cell.isFgPalette() ? PALETTE[cell.getFgColor()] : undefined;
  return [
    colour && ` fill="${colour}"`,
    cell.isBold() && ` font-weight="bold"`,
    cell.isDim() && ` opacity="0.7"`,
    cell.isUnderline() && ` text-decoration="underline"`,
  ]
    .filter((part) => typeof part === "string")
    .join("");
}

function escape(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
}
