import type { Sandbox } from "../../../sandbox/index";
import { withoutSecrets } from "./engine/secrets";
import type { Outcome, StoredResource } from "./stack";

/** The encodings in which a text could contain a secret. */
function formsOf(secret: string): string[] {
  // In a longer text, the base64 of a secret depends on its offset, and its first and last characters on the text
  // around it.
  const base64 = [0, 1, 2].map((before) => {
    const padded = Buffer.from("\0".repeat(before) + secret).toString("base64");
    return padded.slice(before === 0 ? 0 : before + 1, -4);
  });
  return [secret, encodeURIComponent(secret), JSON.stringify(secret).slice(1, -1), ...base64];
}

/**
 * The secrets of a sandbox that a text contains. Only their last four characters are returned, so a failing test does
 * not print them.
 */
export function leaksIn(text: string, sandbox: Pick<Sandbox, "apiKey" | "appKey" | "everyKeyEverMade">): string[] {
  const secrets = [sandbox.apiKey, sandbox.appKey, ...sandbox.everyKeyEverMade()];
  return secrets.filter((secret) => formsOf(secret).some((form) => text.includes(form))).map((key) => key.slice(-4));
}

/** Everything that a user, a log or a crash report could see of a command. */
export function visibleText({ errors, printed }: Outcome): string {
  return [...printed, ...errors.flatMap(textsOf)].join("\n");
}

/** The state without the values that the engine encrypts. */
export function unencrypted(state: readonly StoredResource[]): string {
  return JSON.stringify(
    state.map(({ inputs, secretInputs = [], outputs, secretOutputs = [], ...rest }) => ({
      ...rest,
      inputs: withoutSecrets(inputs, secretInputs),
      outputs: withoutSecrets(outputs, secretOutputs),
    })),
  );
}

function textsOf(error: unknown): string[] {
  if (!(error instanceof Error)) return [String(error)];
  const { cause, stack = "", message } = error;
  // The engine stores `properties` encrypted. It may print all other fields.
  const own = Object.entries(error).filter(([name]) => name !== "properties" && name !== "cause");
  return [message, stack, JSON.stringify(own), ...(cause === undefined ? [] : textsOf(cause))];
}
