import { createHash } from "node:crypto";
import { copyFile, readFile } from "node:fs/promises";
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
 * Puts the engine's backup in place of a state that a kill has cut, as a user would. A kill of the CLI while it writes
 * can leave an empty file, and the backup is the state before that write.
 */
export async function restoreCutState(folder: string, stack: string): Promise<void> {
  const file = fileOf(folder, stack);
  if ((await readFile(file, "utf8")).trimEnd().endsWith("}")) return;
  await copyFile(`${file}.bak`, file);
}

function fileOf(folder: string, stack: string): string {
  return path.join(folder, ".pulumi/stacks/test", `${stack}.json`);
}

/** The ids that a key may have in the state: the UUID of v2, and for v1 the beginning of the secret's hash. */
export function idsOf({ id, key }: SandboxKey): string[] {
  return [id, `v1-${createHash("sha256").update(key).digest("hex").slice(0, 20)}`];
}
