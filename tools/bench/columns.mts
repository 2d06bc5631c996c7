import { access, constants } from "node:fs/promises";
import { createRequire } from "node:module";
import path from "node:path";
import process from "node:process";

/** One way to manage application keys in Pulumi. All are measured side by side. */
export interface Column {
  name: string;
  /** In programs/. */
  program: string;
  /** The version of Datadog's API. The floor sends nothing, and the bridged provider knows only v2. */
  apiVersion?: "v1" | "v2";
  /** A word that identifies the provider's process among the engine's. */
  providerProcess: string;
  /** The packed file of this package that the program uses. By default, the checkout. */
  tarball?: string;
}

/** The plugin is a shell script. It starts one Node.js to find this file and another to run it. */
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

/** An earlier version of this package, with the checkout's dependencies. */
export function before(tarball: string): Column[] {
  const file = path.resolve(tarball);
  return ours.map((column) => ({ ...column, name: column.name.replace("ours", "before"), tarball: file }));
}

const bridgedProvider = "pulumi-resource-datadog";

/** Pulumi's own Datadog package, if it is installed. This package does not depend on it. */
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
