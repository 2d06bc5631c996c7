import { checkPackage, createPackageFromTarballData } from "@arethetypeswrong/core";
import { readFile } from "node:fs/promises";
import { publint } from "publint";

/** The findings of publint and "are the types wrong" in a tarball, with all rules. */
export async function findingsIn(tarball: string): Promise<unknown[]> {
  const data = new Uint8Array(await readFile(tarball));
  const { messages } = await publint({ pack: { tarball: data.buffer } });
  const analysis = await checkPackage(createPackageFromTarballData(data));
  if (!analysis.types) throw new Error("the package has no types");
  return [...messages, ...analysis.problems];
}
