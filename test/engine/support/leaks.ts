import { readdir, readFile } from "node:fs/promises";
import path from "node:path";
import type { Sandbox } from "../../../sandbox/index.ts";

/** The place where a secret was found, without the secret. */
export interface Leak {
  where: string;
  /** "API key", "application key", or "key 1" for the first key that the sandbox created. */
  what: string;
  form: string;
}

type Vault = Pick<Sandbox, "apiKey" | "appKey" | "everyKeyEverMade">;

/** All secrets of the sandbox. */
function secretsOf({ apiKey, appKey, everyKeyEverMade }: Vault): [what: string, secret: string][] {
  const made = everyKeyEverMade().map((key, index): [string, string] => [`key ${index + 1}`, key]);
  return [["API key", apiKey], ["application key", appKey], ...made];
}

/** The encodings of a secret, by name. */
function formsOf(secret: string): [form: string, text: string][] {
  const hex = Buffer.from(secret).toString("hex");
  // In base64, three bytes make four characters. The text before the secret shifts it, and its first and last
  // characters share bits with their neighbours.
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

/** The text itself, and the text with escape sequences decoded. */
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

/** Searches every file below a folder, without following links. */
export async function leaksBelow(folder: string, vault: Vault): Promise<{ files: number; leaks: Leak[] }> {
  const files = (await readdir(folder, { recursive: true, withFileTypes: true })).filter((entry) => entry.isFile());
  const leaks = await Promise.all(
    files.map(async (file) => {
      const name = path.join(file.parentPath, file.name);
      // latin1 has one character for each byte, so binary files are searched completely.
      return leaksIn(path.relative(folder, name), await readFile(name, "latin1"), vault);
    }),
  );
  return { files: files.length, leaks: leaks.flat() };
}
