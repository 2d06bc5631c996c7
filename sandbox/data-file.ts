import { readFileSync, renameSync, writeFileSync } from "node:fs";
import type { OrganisationData } from "./organisation";

/** The data of an earlier run, or undefined if there is none. */
export function loadData(file: string): OrganisationData | undefined {
  let text: string;
  try {
    text = readFileSync(file, "utf8");
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return undefined;
    throw new Error(`cannot read the data file ${file}`, { cause: error });
  }
  const data = parse(text);
  // The parser's message would quote the file, which holds keys.
  if (!isData(data)) throw new Error(`the data file ${file} was not written by the sandbox`);
  return data;
}

/** Readable only by its owner, and never half written: a reader sees the old content or the new. */
export function saveData(file: string, data: OrganisationData): void {
  const draft = `${file}.${process.pid}.tmp`;
  writeFileSync(draft, `${JSON.stringify(data)}\n`, { mode: 0o600 });
  renameSync(draft, file);
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function isData(data: unknown): data is OrganisationData {
  return (
    typeof data === "object" &&
    data !== null &&
    "apiKey" in data &&
    typeof data.apiKey === "string" &&
    "users" in data &&
    Array.isArray(data.users) &&
    data.users.length > 0 &&
    "keys" in data &&
    Array.isArray(data.keys) &&
    (!("orgId" in data) || typeof data.orgId === "string") &&
    (!("registrations" in data) || Array.isArray(data.registrations))
  );
}
