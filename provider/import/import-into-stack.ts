import { ended, startInSight } from "./engine";
import { ImportFailure, Interruption } from "./failure";
import { type ImportedKey, importFileText } from "./import-file";
import { writePrivateFile } from "./private-file";

const ending = ["SIGINT", "SIGTERM", "SIGHUP"] as const;

/**
 * Has Pulumi import keys: it shows its plan and asks. The file that tells it the secrets is gone afterwards, whatever
 * happens but a kill of this process.
 * @throws Interruption where a signal ended it
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
      // A terminal sends Ctrl-C to both, and a second one would make Pulumi drop what it is at.
      if (signal !== "SIGINT" || !process.stdin.isTTY) pulumi.kill(signal);
    };
    const exitCode = await ended(pulumi);
    const [signal] = signals;
    if (signal) throw new Interruption(signal);
    if (exitCode !== 0)
      throw new ImportFailure(
        "`pulumi import` did not end well: see above. What it has imported is in the stack and stays; run the command " +
          "again for the others, or with other arguments.",
      );
  } finally {
    file.remove();
    for (const signal of ending) process.off(signal, onSignal);
  }
}
