import { mkdir } from "node:fs/promises";
import path from "node:path";
import { expect, onTestFinished } from "vitest";
import { type Sandbox, startSandbox } from "../../../sandbox/index.ts";
import { type Leak, leaksBelow, leaksIn } from "./leaks.ts";
import { connection, keysProject } from "./sandboxed.ts";

/**
 * A stack that has its credentials in its configuration, and what all its commands showed and wrote.
 * @param second serves the connection "other"
 */
export async function watchedStack(second?: Sandbox) {
  const lines: string[] = [];
  const sandbox = await startSandbox({ log: (line) => lines.push(line) });
  onTestFinished(() => sandbox.close());
  const { project, ask } = await keysProject();
  // The folder of all projects of this file, with Pulumi's home in it; temporary files go there too.
  const home = path.dirname(project.folder);
  const temporary = path.join(home, "tmp");
  await mkdir(temporary, { recursive: true });
  const other = second && connection("other", second);
  const vaults = second ? [sandbox, second] : [sandbox];
  const stack = await project.stack("dev", {
    config: { "datadog:apiUrl": sandbox.url, ...other?.config },
    secrets: { "datadog:apiKey": sandbox.apiKey, "datadog:appKey": sandbox.appKey, ...other?.secrets },
    // With a line for each request, which must not hold what the request holds.
    env: { TMPDIR: temporary, TMP: temporary, TEMP: temporary, DATADOG_APPLICATION_KEY_LOG: "requests" },
  });
  const leaks: Leak[] = [];
  /** Runs a command, and looks through what it showed and through every file after it. */
  const run = async (...args: string[]) => {
    const result = await stack.run([...args, "--stack", "dev"]);
    for (const vault of vaults) {
      const inFiles = await leaksBelow(home, vault);
      // The state and its backup, the configuration, the program: a search that finds nothing has looked somewhere.
      expect(inFiles.files).toBeGreaterThan(5);
      leaks.push(...leaksIn(args.join(" "), result.all, vault), ...inFiles.leaks);
    }
    return result;
  };
  const inLog = () => leaksIn("the sandbox's log", lines.join("\n"), sandbox);
  return { sandbox, stack, ask, run, leaks: () => [...leaks, ...inLog()], project };
}
