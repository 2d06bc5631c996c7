import { shown } from "../datadog/keys";
import { type FoundKey, isHidden } from "./found-keys";
import type { Plan } from "./plan";

/**
 * What would happen to each key, as a table.
 * @param secretsHidden whether Datadog no longer shows the owner's secrets
 */
export function planTable({ keys, leftOut }: Plan, secretsHidden: boolean): string {
  const row = (key: FoundKey, resource: string, what: string) => [
    shown(key.record.name),
    key.record.id,
    resource,
    what,
  ];
  const rows = [
    ["KEY", "ID", "RESOURCE", "PLAN"],
    ...keys.map((key) => {
      const what = isHidden(key) && secretsHidden ? "import, with a secret that you give" : "import";
      return row(key, key.resource, what);
    }),
    ...leftOut.map(({ key, why }) => row(key, "-", `leave out: ${why}`)),
  ];
  const width = (column: number) => Math.max(...rows.map((cells) => cells[column]?.length ?? 0));
  const widths = [0, 1, 2, 3].map(width);
  const lines = rows.map((cells) =>
    cells
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join("  ")
      .trimEnd(),
  );
  return `${lines.join("\n")}\n`;
}
