// Shows the life of a key with the real CLI, on the project in the root and the sandbox. Nothing leaves this machine,
// and nothing stays on it except the picture that `npm run demo -- --picture FILE.svg` draws of the main steps.
import { copyFile, mkdtemp, rm, writeFile } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import process from "node:process";
import { parseArgs } from "node:util";
import { startSandbox } from "datadog-key-sandbox";
import { drawTerminal } from "./demo/picture.mts";
import { engineEnv } from "./engine/engine.mts";
import { findEngine } from "./engine/get-engine.mts";
import { onInterrupt } from "./interrupt.mjs";
import { Terminal } from "./demo/terminal.mts";

const STACK = "demo";
const root = path.dirname(import.meta.dirname);
const { picture } = parseArgs({ options: { picture: { type: "string" } } }).values;
const interruption = new AbortController();
onInterrupt((signal) => {
  interruption.abort(signal);
});

try {
  await demo();
} catch (error) {
  if (interruption.signal.aborted) {
    process.stdout.write("\nInterrupted. Everything that the demo created is removed.\n");
    process.exitCode = 128 + os.constants.signals[interruption.signal.reason as NodeJS.Signals];
  } else {
    process.stderr.write(`\n${error instanceof Error ? error.message : String(error)}\n`);
    process.exitCode = 1;
  }
}

async function demo(): Promise<void> {
  const engine = await findEngine();
  if (!engine) throw new Error("There is no Pulumi engine here. `npm run demo` gets one first.");
  const home = await mkdtemp(path.join(os.tmpdir(), "datadog-key-demo-"));
  const sandbox = await startSandbox();
  const terminal = new Terminal({
    command: engine.command,
    cwd: root,
    env: engineEnv(engine, {
      home,
      env: { PULUMI_STACK: STACK, DD_API_KEY: sandbox.apiKey, DD_APP_KEY: sandbox.appKey, DD_HOST: sandbox.url },
    }),
    configFile: path.join(home, `Pulumi.${STACK}.yaml`),
    interruption: interruption.signal,
    color: picture !== undefined || (process.stdout.isTTY && !process.env["NO_COLOR"]),
  });
  try {
    // Runs in a copy of the project, because `stack init` writes the stack's configuration beside Pulumi.yaml.
    await copyFile(path.join(root, "Pulumi.yaml"), path.join(home, "Pulumi.yaml"));
    await terminal.quietly(["stack", "init", STACK], home);
    await story(terminal, sandbox);
    if (picture !== undefined) await writeFile(picture, await drawTerminal(terminal.pictured()));
    byHand(engine.folder);
  } finally {
    await sandbox.close();
    await rm(home, { recursive: true, force: true });
  }
}

async function story(terminal: Terminal, sandbox: Awaited<ReturnType<typeof startSandbox>>): Promise<void> {
  const onlyKey = () => {
    const [key, ...others] = sandbox.keys();
    if (!key || others.length > 0) throw new Error(`The sandbox has ${sandbox.keys().length} keys instead of one`);
    return key;
  };
  terminal.say("up creates an application key. See that ApplicationKey ci is created and its hash is [secret].");
  await terminal.pulumi(["up", "--yes", "--skip-preview"], { pictured: true });
  terminal.note(`The sandbox has the key "${onlyKey().name}", which ${onlyKey().owner} owns.`);

  terminal.say("The stack's outputs for other programs. See that the secret (hash) is not shown.");
  await terminal.pulumi(["stack", "output"]);

  terminal.say(
    "The configuration gets another name for the key. See that ~ name changes in place and nothing is replaced.",
  );
  await terminal.pulumi(["config", "set", "keyName", "ci-renamed"]);
  await terminal.pulumi(["preview", "--diff"], { pictured: true });

  terminal.say("up renames the key. See that 1 resource is updated and the id stays the same.");
  const { id } = onlyKey();
  await terminal.pulumi(["up", "--yes", "--skip-preview"]);
  if (onlyKey().id !== id) throw new Error("The key was replaced, not renamed");
  terminal.note(`The sandbox has the key "${onlyKey().name}". It is the same key with a new name.`);

  sandbox.rename(id, "renamed-behind-your-back");
  terminal.say("Somebody renamed the key in Datadog. See that refresh finds the other name (~ name).");
  await terminal.pulumi(["refresh", "--yes", "--skip-preview", "--diff"]);

  terminal.say("The program still has the right name. See that up changes the name back.");
  await terminal.pulumi(["up", "--yes", "--skip-preview", "--diff"]);
  terminal.note(`The sandbox has the key "${onlyKey().name}" again.`);

  terminal.say("destroy revokes the key. See that ApplicationKey ci is deleted.");
  await terminal.pulumi(["destroy", "--yes", "--skip-preview", "--remove"]);
  const left = sandbox.keys().length;
  if (left > 0) throw new Error(`${left} key(s) left in the sandbox after destroy`);
  terminal.note("The sandbox has no key left.");
}

function byHand(engineFolder: string): void {
  process.stdout.write(`
That was all. To try it yourself, run this in this folder:
  npx datadog-key-sandbox --port 8126          # keeps running; prints its apiKey and appKey
and in a second terminal:
  export PATH="${engineFolder}:$PWD/node_modules/.bin:$PATH"
  export PULUMI_BACKEND_URL="file://$PWD" PULUMI_CONFIG_PASSPHRASE=local
  export DD_HOST=http://127.0.0.1:8126 DD_API_KEY=<apiKey> DD_APP_KEY=<appKey>
  pulumi stack init dev
  pulumi up
`);
}
