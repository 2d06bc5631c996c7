import { access, constants } from "node:fs/promises";
import { createRequire } from "node:module";
import path from "node:path";
import process from "node:process";

/** A way to have application keys in Pulumi, measured beside the others. */
export interface Column {
  name: string;
  /** In programs/. */
  program: string;
  /** Datadog's API; the floor sends nothing, the bridged provider knows only v2. */
  apiVersion?: "v1" | "v2";
  /** What tells the provider's process from the engine's others. */
  providerProcess: string;
}

/** The plugin is a shell script, which starts one Node.js to find this file and another one to run it. */
const DYNAMIC = "dynamic-provider/index.js";

export const floor: Column = { name: "floor", program: "floor.ts", providerProcess: DYNAMIC };
export const naive: readonly Column[] = [
  { name: "naive v1", program: "naive-v1.ts", apiVersion: "v1", providerProcess: DYNAMIC },
  { name: "naive v2", program: "naive-v2.ts", apiVersion: "v2", providerProcess: DYNAMIC },
];
export const ours: readonly Column[] = [
  { name: "ours v1", program: "ours.ts", apiVersion: "v1", providerProcess: DYNAMIC },
  { name: "ours v2", program: "ours.ts", apiVersion: "v2", providerProcess: DYNAMIC },
];

const bridgedProvider = "pulumi-resource-datadog";

/** Pulumi's own Datadog package, where somebody has installed it: it is no dependency of this one. */
export async function bridged(): Promise<Column[]> {
  try {
    createRequire(import.meta.url).resolve("@pulumi/datadog");
  } catch {
    return [];
  }
  const folders = (process.env["PATH"] ?? "").split(path.delimiter);
  const found = await Promise.allSettled(
    folders.map((folder) => access(path.join(folder, bridgedProvider), constants.X_OK)),
  );
  const present = found.some(({ status }) => status === "fulfilled");
  return present ? [{ name: "bridged", program: "bridged.ts", providerProcess: bridgedProvider }] : [];
}
