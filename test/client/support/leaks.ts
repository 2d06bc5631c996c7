import type { Sandbox } from "../../../sandbox/index";
import { withoutSecrets } from "./engine/secrets";
import type { Outcome, StoredResource } from "./stack";

/** The forms in which a text could contain a secret. */
function formsOf(secret: string): string[] {
  // Inside a longer text base64 depends on where the secret begins; the outer characters on its neighbours.
  const base64 = [0, 1, 2].map((before) => {
    const padded = Buffer.from("\0".repeat(before) + secret).toString("base64");
    return padded.slice(before === 0 ? 0 : before + 1, -4);
  });
  return [secret, encodeURIComponent(secret), JSON.stringify(secret).slice(1, -1), ...base64];
}

/** Every secret of a sandbox that a text contains, shortened so that a failing test does not show it either. */
export function leaksIn(text: string, sandbox: Pick<Sandbox, "apiKey" | "appKey" | "everyKeyEverMade">): string[] {
  const secrets = [sandbox.apiKey, sandbox.appKey, ...sandbox.everyKeyEverMade()];
  return secrets.filter((secret) => formsOf(secret).some((form) => text.includes(form))).map((key) => key.slice(-4));
}

/** Everything that a user, a log or a crash report could show of a command. */
export function visibleText({ errors, told }: Outcome): string {
  return [...told, ...errors.flatMap(textsOf)].join("\n");
}

/** All of the state but what the engine keeps encrypted because the program or the provider says so. */
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
  // `properties` is what the engine stores, encrypted; the rest it may print.
  const own = Object.entries(error).filter(([name]) => name !== "properties" && name !== "cause");
  return [message, stack, JSON.stringify(own), ...(cause === undefined ? [] : textsOf(cause))];
}
