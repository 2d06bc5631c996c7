import path from "node:path";
import type { Scenario } from "../scenario.ts";
import { chosen } from "./chosen.ts";
import { hooks } from "./hooks.ts";
import { importedFromFile } from "./imported.ts";
import { options } from "./options.ts";
import { plain } from "./plain.ts";
import { refreshed } from "./refreshed.ts";
import { replaced } from "./replaced.ts";
import { unfinished } from "./unfinished.ts";

/** All scenarios, by the folder of their recordings. */
export const topics: Readonly<Record<string, readonly Scenario[]>> = {
  plain,
  refreshed,
  replaced,
  chosen,
  options,
  unfinished,
  hooks,
  imported: importedFromFile,
};

/** The folder of the recordings. */
export const recordedFolder = path.join(import.meta.dirname, "../recorded");

export function recordingOf(topic: string, { title }: Scenario): string {
  const name = title.toLowerCase().replaceAll(/[^a-z0-9]+/g, "-");
  return path.join(recordedFolder, topic, `${name}.txt`);
}
