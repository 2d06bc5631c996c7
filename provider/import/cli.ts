#!/usr/bin/env node
import { DatadogError } from "../datadog/errors";
import { LifecycleError } from "../lifecycle/model/errors";
import { help, readArguments } from "./arguments";
import { ImportFailure, Interruption, UsageError } from "./failure";
import { type Screen, runImport } from "./run-import";

const screen: Screen = {
  tell: (line) => process.stderr.write(`${line}\n`),
  print: (text) => process.stdout.write(text),
};

async function main(): Promise<void> {
  try {
    const args = readArguments(process.argv.slice(2));
    if (args === "help") screen.print(help);
    else process.exitCode = (await runImport(args, screen)) ? 0 : 1;
  } catch (error) {
    explain(error);
  }
}

function explain(error: unknown): void {
  process.exitCode = error instanceof UsageError ? 2 : 1;
  if (error instanceof UsageError) screen.tell(`error: ${error.message} See --help.`);
  else if (error instanceof ImportFailure || error instanceof DatadogError || error instanceof LifecycleError)
    screen.tell(`error: ${error.message}`);
  // The exit code tells the shell that a signal ended the command.
  else if (error instanceof Interruption) process.kill(process.pid, error.signal);
  // Any other error is a bug, and needs its stack trace.
  else screen.tell(error instanceof Error ? (error.stack ?? error.message) : String(error));
}

void main();
