import { ended, startInSight } from "./engine";
import { ImportFailure, Interruption } from "./failure";
import { type ImportedKey, importFileText } from "./import-file";
import { writePrivateFile } from "./private-file";
import { readStack } from "./stack";

/**
 * The result of an import that was declined or failed, read from the state, because Pulumi's exit code does not show
 * it.
 */
async function outcome(keys: readonly ImportedKey[], stack: string): Promise<string> {
  const held = (await readStack(stack)).flatMap(({ ids }) => ids);
  const imported = keys.filter(({ id }) => held.includes(id)).length;
  if (imported === 0) return "Nothing was imported.";
  if (imported === keys.length) return "All keys are in the stack.";
  return `${imported} of ${keys.length} keys are in the stack now. Run the command again for the others.`;
}

const ending = ["SIGINT", "SIGTERM", "SIGHUP"] as const;

/**
 * Runs `pulumi import`, which shows its plan and asks. The file with the secrets is removed afterwards, unless this
 * process is killed.
 * @throws Interruption if a signal ended it
 */
export async function importIntoStack(keys: readonly ImportedKey[], stack: string, yes: boolean): Promise<void> {
  const file = writePrivateFile(importFileText(keys));
  const signals: NodeJS.Signals[] = [];
  let pass: (signal: NodeJS.Signals) => void = () => undefined;
  const onSignal = (signal: NodeJS.Signals) => {
    signals.push(signal);
    file.remove();
    pass(signal);
  };
  for (const signal of ending) process.on(signal, onSignal);
  try {
    const flags = ["--file", file.path, "--generate-code=false", "--protect=false", "--stack", stack];
    const pulumi = startInSight(["import", ...flags, ...(yes ? ["--yes"] : [])]);
    pass = (signal) => {
      // A terminal sends Ctrl-C to both processes. A second signal would make Pulumi abort its current work.
      if (signal !== "SIGINT" || !process.stdin.isTTY) pulumi.kill(signal);
    };
    const exitCode = await ended(pulumi);
    file.remove();
    const [signal] = signals;
    if (signal) throw new Interruption(signal);
    if (exitCode !== 0)
      throw new ImportFailure(
        `The command pulumi import ended with an error (see above). ${await outcome(keys, stack)}`,
      );
  } finally {
    file.remove();
    for (const signal of ending) process.off(signal, onSignal);
  }
}
