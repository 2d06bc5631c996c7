import { mkdir } from "node:fs/promises";
import path from "node:path";
import { expect, onTestFinished } from "vitest";
import { type Sandbox, startSandbox } from "../../../sandbox/index.ts";
import { type Leak, leaksBelow, leaksIn } from "./leaks.ts";
import { connection, keysProject } from "./sandboxed.ts";

/**
 * A stack with credentials in its configuration. All output and files of its commands are searched for secrets.
 * @param second the organisation of the connection "other"
 */
export async function watchedStack(second?: Sandbox) {
  const lines: string[] = [];
  const sandbox = await startSandbox({ log: (line) => lines.push(line) });
  onTestFinished(() => sandbox.close());
  const { project, declare } = await keysProject();
  // The folder of all projects of this file. It also contains Pulumi's home and temporary files.
  const home = path.dirname(project.folder);
  const temporary = path.join(home, "tmp");
  await mkdir(temporary, { recursive: true });
  const other = second && connection("other", second);
  const vaults = second ? [sandbox, second] : [sandbox];
  const stack = await project.stack("dev", {
    config: { "datadog:apiUrl": sandbox.url, ...other?.config },
    secrets: { "datadog:apiKey": sandbox.apiKey, "datadog:appKey": sandbox.appKey, ...other?.secrets },
    // The command prints a line for each request. The lines must not contain secrets either.
    env: { TMPDIR: temporary, TMP: temporary, TEMP: temporary, DATADOG_APPLICATION_KEY_LOG: "requests" },
  });
  const leaks: Leak[] = [];
  /** Runs a command, and searches its output and every file for secrets. */
  const run = async (...args: string[]) => {
    const result = await stack.run([...args, "--stack", "dev"]);
    for (const vault of vaults) {
      const inFiles = await leaksBelow(home, vault);
      // There are at least the state, its backup, the configuration and the program, so the search has read files.
      expect(inFiles.files).toBeGreaterThan(5);
      leaks.push(...leaksIn(args.join(" "), result.all, vault), ...inFiles.leaks);
    }
    return result;
  };
  const inLog = () => leaksIn("the sandbox's log", lines.join("\n"), sandbox);
  return { sandbox, stack, declare, run, leaks: () => [...leaks, ...inLog()], project };
}
