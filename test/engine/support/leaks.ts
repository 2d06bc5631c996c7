import { readdir, readFile } from "node:fs/promises";
import path from "node:path";
import type { Sandbox } from "../../../sandbox/index.ts";

/** Where a secret was found; never the secret itself. */
export interface Leak {
  where: string;
  /** "API key", "application key", or "key 1" for the first one that the sandbox made. */
  what: string;
  form: string;
}

type Vault = Pick<Sandbox, "apiKey" | "appKey" | "everyKeyEverMade">;

/** Everything that no text may hold. */
function secretsOf({ apiKey, appKey, everyKeyEverMade }: Vault): [what: string, secret: string][] {
  const made = everyKeyEverMade().map((key, index): [string, string] => [`key ${index + 1}`, key]);
  return [["API key", apiKey], ["application key", appKey], ...made];
}

/** The texts that a secret may have become, by the name of the form. */
function formsOf(secret: string): [form: string, text: string][] {
  const hex = Buffer.from(secret).toString("hex");
  // Three bytes make four characters: what comes before the secret shifts it, and its outer characters share bits with
  // their neighbours.
  const base64 = [0, 1, 2].map((before) => {
    const text = Buffer.from(" ".repeat(before) + secret).toString("base64");
    return text.slice(Math.ceil((before * 4) / 3), -4);
  });
  return [
    ["plain", secret],
    ["URL-encoded", encodeURIComponent(secret)],
    ["JSON-escaped", JSON.stringify(secret).slice(1, -1)],
    ["hex", hex],
    ["HEX", hex.toUpperCase()],
    ...base64.map((text): [string, string] => ["base64", text]),
    ...base64.map((text): [string, string] => ["base64url", text.replaceAll("+", "-").replaceAll("/", "_")]),
  ];
}

const character = (_: string, hex: string) => String.fromCharCode(Number.parseInt(hex, 16));

/** A text as it is, and with the escapes undone that may stand for any character. */
function readingsOf(text: string): [form: string, text: string][] {
  return [
    ["", text],
    ["percent-encoded ", text.replace(/%([0-9a-f]{2})/gi, character)],
    ["escaped ", text.replace(/\\(?:u00|x)([0-9a-f]{2})/gi, character)],
  ];
}

export function leaksIn(where: string, text: string, vault: Vault): Leak[] {
  const readings = readingsOf(text);
  return secretsOf(vault).flatMap(([what, secret]) => {
    const [found] = formsOf(secret).flatMap(([form, shape]) =>
      readings.filter(([, reading]) => reading.includes(shape)).map(([reading]) => reading + form),
    );
    return found === undefined ? [] : [{ where, what, form: found }];
  });
}

/** Looks into every file below a folder; links are not followed. */
export async function leaksBelow(folder: string, vault: Vault): Promise<{ files: number; leaks: Leak[] }> {
  const files = (await readdir(folder, { recursive: true, withFileTypes: true })).filter((entry) => entry.isFile());
  const leaks = await Promise.all(
    files.map(async (file) => {
      const name = path.join(file.parentPath, file.name);
      // One character a byte, so that nothing of a binary file is lost.
      return leaksIn(path.relative(folder, name), await readFile(name, "latin1"), vault);
    }),
  );
  return { files: files.length, leaks: leaks.flat() };
}
