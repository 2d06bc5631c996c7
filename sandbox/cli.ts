#!/usr/bin/env node
import { Command, InvalidArgumentError } from "commander";
import { startSandbox, type RateLimit, type SandboxOptions, type UniqueNames, type V1DisabledStatus } from "./index";

/** The parsed options below. Commander leaves out those that were not given. */
type Flags = Pick<
  SandboxOptions,
  "port" | "user" | "oneTimeRead" | "government" | "v1DisabledStatus" | "rateLimit" | "maxKeysPerUser"
> & {
  uniqueNames: UniqueNames;
  allowDuplicateNames?: boolean;
  readLag: number;
  latency: number;
  data?: string;
};

const command = new Command("datadog-key-sandbox")
  .description(
    "A local Datadog for application keys. Prints one line of JSON with its address and credentials when ready.",
  )
  .option("--port <number>", "port on 127.0.0.1; 0 means any free port", wholeNumber(65_535), 8126)
  .option(
    "--user <name>",
    "the user whose credentials are printed: user (the default, with only user_app_keys), admin or colleague",
  )
  .option("--one-time-read", "show a key's secret only in the answer to its creation; disables v1")
  .option("--government", "behave as a Government site: v1 is disabled")
  .option("--v1-disabled-status <status>", "the status of a disabled v1: 403, 404 or 410", disabledStatus)
  .option(
    "--unique-names <scope>",
    "the scope in which names are unique: organisation or owner",
    uniqueNames,
    "organisation",
  )
  .option("--allow-duplicate-names", "allow a user several keys with the same name")
  .option("--max-keys-per-user <number>", "refuse to create more keys for a user", wholeNumber(1_000_000))
  .option("--read-lag <seconds>", "show the keys in lists and gets as they were this long ago", seconds, 0)
  .option("--latency <ms>", "wait before each request is handled", wholeNumber(600_000), 0)
  .option("--rate-limit <requests/seconds>", "allow this many requests in each window, such as 60/60", rateLimit)
  .option("--data <file>", "keep users, keys and credentials in this file between runs")
  .action(run);

command.parseAsync().catch((error: unknown) => {
  command.error(`error: ${error instanceof Error ? error.message : String(error)}`);
});

async function run({ uniqueNames, allowDuplicateNames, readLag, latency, data, ...options }: Flags): Promise<void> {
  const sandbox = await startSandbox({
    ...options,
    uniqueNames: allowDuplicateNames ? false : uniqueNames,
    readLagMs: readLag * 1000,
    latencyMs: latency,
    ...(data !== undefined && { dataFile: data }),
    log: (line) => process.stderr.write(`${line}\n`),
  });
  // Once the server is closed, the process ends by itself with code 0.
  const stop = () => void sandbox.close();
  process.once("SIGTERM", stop);
  process.once("SIGINT", stop);
  const { url, apiKey, appKey } = sandbox;
  process.stdout.write(`${JSON.stringify({ url, apiKey, appKey })}\n`);
}

function wholeNumber(most: number): (text: string) => number {
  return (text) => {
    const number = Number(text);
    if (!/^\d+$/.test(text) || number > most) throw new InvalidArgumentError(`It must be from 0 to ${most}.`);
    return number;
  };
}

function uniqueNames(text: string): UniqueNames {
  if (text !== "organisation" && text !== "owner") throw new InvalidArgumentError("It must be organisation or owner.");
  return text;
}

function seconds(text: string): number {
  if (!/^\d{1,5}(\.\d{1,3})?$/.test(text)) throw new InvalidArgumentError("It must be a number of seconds, such as 6.");
  return Number(text);
}

function disabledStatus(text: string): V1DisabledStatus {
  const status = ([403, 404, 410] as const).find((known) => String(known) === text);
  if (!status) throw new InvalidArgumentError("It must be 403, 404 or 410.");
  return status;
}

function rateLimit(text: string): RateLimit {
  const [, requests, seconds] = /^([1-9]\d*)\/([1-9]\d*)$/.exec(text) ?? [];
  if (!requests || !seconds) throw new InvalidArgumentError("It must look like 60/60: requests, slash, seconds.");
  return { requests: Number(requests), seconds: Number(seconds) };
}
