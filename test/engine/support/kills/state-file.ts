import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { readFile, rm, stat } from "node:fs/promises";
import path from "node:path";
import type { SandboxKey } from "../../../../sandbox/index.ts";

interface Checkpoint {
  checkpoint: { latest?: { resources?: { type: string; id?: string }[] } };
}

/** The ids of all keys in a stack's state. They are read from the file, because a killed command may hold the lock. */
export async function idsInState(folder: string, stack: string): Promise<Set<string>> {
  const text = await readFile(fileOf(folder, stack), "utf8");
  const { resources = [] } = (JSON.parse(text) as Checkpoint).checkpoint.latest ?? {};
  return new Set(resources.flatMap(({ type, id }) => (type.endsWith("ApplicationKey") && id ? [id] : [])));
}

/**
 * Removes an attributes file that a kill of the CLI has left empty. The file backend keeps one beside each state, does not
 * write it in one step, and cannot load the state if it is empty. Without it, it can.
 */
export async function removeCutAttributes(folder: string, stack: string): Promise<void> {
  const attributes = `${fileOf(folder, stack)}.attrs`;
  if (existsSync(attributes) && (await stat(attributes)).size === 0) await rm(attributes);
}

function fileOf(folder: string, stack: string): string {
  return path.join(folder, ".pulumi/stacks/test", `${stack}.json`);
}

/** The ids that a key may have in the state: the UUID of v2, and for v1 the beginning of the secret's hash. */
export function idsOf({ id, key }: SandboxKey): string[] {
  return [id, `v1-${createHash("sha256").update(key).digest("hex").slice(0, 20)}`];
}
