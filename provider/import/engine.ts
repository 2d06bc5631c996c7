import { type ChildProcess, type StdioOptions, spawn } from "node:child_process";
import { text } from "node:stream/consumers";
import { ImportFailure } from "./failure";

/** The first release whose import files may contain outputs. */
const oldest = [3, 254] as const;

/** The variable that holds secrets for this process. It is not passed on to other processes. */
export const secretVariable = "DATADOG_APPLICATION_KEY_SECRET";

/**
 * Runs a read-only Pulumi command and returns its output.
 * @throws ImportFailure with Pulumi's own words
 */
export async function ask(args: readonly string[]): Promise<string> {
  const child = start([...args, "--non-interactive", "--color", "never"], ["ignore", "pipe", "pipe"]);
  const [exitCode, output, complaint] = await Promise.all([
    ended(child),
    child.stdout ? text(child.stdout) : "",
    child.stderr ? text(child.stderr) : "",
  ]);
  if (exitCode === 0) return output;
  throw new ImportFailure(`\`pulumi ${args.join(" ")}\` failed: ${complaint.trim().replace(/^error: /, "")}`);
}

/** Starts a command that shares the terminal and may ask the user. */
export function startInSight(args: readonly string[]): ChildProcess {
  return start(args, "inherit");
}

/** Resolves to the exit code, or to 1 if a signal ended the command. */
export async function ended(child: ChildProcess): Promise<number> {
  return new Promise((resolve, reject) => {
    child.once("error", (error: NodeJS.ErrnoException) => {
      reject(
        error.code === "ENOENT"
          ? new ImportFailure(
              "There is no `pulumi` on the PATH. Install the Pulumi CLI (https://www.pulumi.com/docs/install/), and run the command again.",
            )
          : error,
      );
    });
    child.once("close", (code) => {
      resolve(code ?? 1);
    });
  });
}

/** @throws ImportFailure if Pulumi is too old, or its version is unknown */
export async function requireImportWithOutputs(): Promise<void> {
  const version = (await ask(["version"])).trim();
  const [, major, minor] = /^v?(\d+)\.(\d+)\.\d+/.exec(version) ?? [];
  const newEnough = Number(major) > oldest[0] || (Number(major) === oldest[0] && Number(minor) >= oldest[1]);
  if (newEnough) return;
  throw new ImportFailure(
    `Importing a dynamic resource needs Pulumi ${oldest.join(".")} or later, and this is ${version}. ` +
      "Install a newer version (https://www.pulumi.com/docs/install/). Without it, a program can adopt a key with " +
      '`adopt: true`: new ApplicationKey("ci", { name: "ci-deployer", adopt: true }). If Datadog does not show the ' +
      'secret, use `adopt: { secret }`, or `adopt: "replace"` to create a new key and revoke the old one.',
  );
}

function start(args: readonly string[], stdio: StdioOptions): ChildProcess {
  const env = { ...process.env, PULUMI_SKIP_UPDATE_CHECK: "true", [secretVariable]: undefined };
  return spawn("pulumi", args, { stdio, env });
}
