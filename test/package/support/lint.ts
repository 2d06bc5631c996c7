import { checkPackage, createPackageFromTarballData } from "@arethetypeswrong/core";
import { readFile } from "node:fs/promises";
import { publint } from "publint";

/** What publint and "are the types wrong" find in a tarball, no rule left out. */
export async function findingsIn(tarball: string): Promise<unknown[]> {
  const data = new Uint8Array(await readFile(tarball));
  const { messages } = await publint({ pack: { tarball: data.buffer } });
  const analysis = await checkPackage(createPackageFromTarballData(data));
  if (!analysis.types) throw new Error("the package has no types");
  return [...messages, ...analysis.problems];
}
