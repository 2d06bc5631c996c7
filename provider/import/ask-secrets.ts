import { createInterface } from "node:readline";
import { Writable } from "node:stream";
import { quoted } from "../datadog/keys";
import type { FoundKey } from "./found-keys";
import { unfit } from "./given-secrets";

/** Attempts per secret. */
const tries = 3;

/** The terminal to ask at. */
export interface Terminal {
  readonly input: NodeJS.ReadableStream;
  readonly output: NodeJS.WritableStream;
  /** Does what Ctrl-C normally does. In raw mode the terminal delivers it as a character. */
  readonly interrupt: () => void;
}

/**
 * Asks for secrets at the terminal without echo. An empty answer leaves a key out, and the end of the input (Ctrl-D)
 * leaves out all remaining keys.
 */
export async function askSecrets(
  keys: readonly FoundKey[],
  { input, output, interrupt }: Terminal,
): Promise<Map<FoundKey, string>> {
  const secrets = new Map<FoundKey, string>();
  const nowhere = new Writable({
    write(_chunk, _encoding, done) {
      done();
    },
  });
  // The arrow-up key must not bring a secret back at the next question.
  const terminal = createInterface({ input, output: nowhere, terminal: true, historySize: 0 });
  terminal.once("SIGINT", () => {
    terminal.close();
    interrupt();
  });
  const lines = terminal[Symbol.asyncIterator]();
  output.write(
    "Datadog does not show the secrets of these keys. Type each secret (it is not echoed), or press Enter to leave out the key.\n",
  );
  try {
    for (const key of keys) {
      for (let attempt = 1; attempt <= tries; attempt += 1) {
        output.write(`Secret of ${quoted(key.record.name)}: `);
        const line = await lines.next();
        output.write("\n");
        if (line.done) return secrets;
        const secret = line.value.trim();
        if (secret === "") break;
        const reason = unfit(secret, key);
        if (reason === undefined) {
          secrets.set(key, secret);
          break;
        }
        output.write(`Refused: ${reason}.\n`);
      }
    }
    return secrets;
  } finally {
    terminal.close();
  }
}
