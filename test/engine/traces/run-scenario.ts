import { appendFile, readFile, writeFile } from "node:fs/promises";
import path from "node:path";
import { afterAll, vi } from "vitest";
import { Project, type Stack } from "../support/index.ts";
import type { ProgramFile, TraceProgram } from "./program.ts";
import { ProgramHosts } from "./program-hosts.ts";
import { type Call, parseCalls } from "./recorder.ts";
import { type Scenario, type Step, up } from "./scenario.ts";
import { type StepTrace, traceText } from "./trace.ts";

const stackName = "dev";
const callsFile = "calls.jsonl";
const importFile = "import.json";

/** The program of a step that runs it in its own process. */
const programText = `
  const { readFileSync } = require("node:fs");
  const { declareThings } = require(${JSON.stringify(path.join(import.meta.dirname, "declare.ts"))});
  module.exports = () => declareThings(JSON.parse(readFileSync("program.json", "utf8")));
`;

const hosts = new ProgramHosts();
afterAll(() => hosts.close());

/** Runs a scenario with the real engine and returns its trace. */
export async function runScenario(scenario: Scenario): Promise<string> {
  const { start = {}, given = [], refreshAlways, steps } = scenario;
  const project = await (await prepared(start, given)).copy();
  if (refreshAlways) await appendFile(path.join(project.folder, "Pulumi.yaml"), "options: { refresh: always }\n");
  return traceText(scenario, await runSteps(project, start, [...given, ...steps], given.length));
}

/** Stacks that scenarios start from. Each scenario works on a copy. */
const ready = new Map<string, Promise<Project>>();

function prepared(start: TraceProgram, given: readonly Step[]): Promise<Project> {
  const text = JSON.stringify([start, given]);
  const made = ready.get(text) ?? prepare(start, given);
  ready.set(text, made);
  return made;
}

async function prepare(start: TraceProgram, given: readonly Step[]): Promise<Project> {
  if (given.length > 0) {
    const project = await (await prepared(start, [])).copy();
    await runSteps(project, start, given);
    return project;
  }
  if (Object.keys(start).length === 0) {
    const project = await Project.create({ program: programText, files: { [callsFile]: "" } });
    await project.stack(stackName);
    return project;
  }
  const project = await (await prepared({}, [])).copy();
  const [deployed] = await runSteps(project, start, [up(start)]);
  if (!deployed?.succeeded) throw new Error("the starting program could not be deployed");
  return project;
}

/** @param first the first step to run. The steps before it are already done and only set the program. */
async function runSteps(
  project: Project,
  start: TraceProgram,
  steps: readonly Step[],
  first = 0,
): Promise<StepTrace[]> {
  const traces: StepTrace[] = [];
  let program = start;
  for (const [index, step] of steps.entries()) {
    program = step.program ?? program;
    if (index >= first) traces.push(await runStep(project, program, step));
  }
  return traces;
}

async function runStep(project: Project, program: TraceProgram, step: Step): Promise<StepTrace> {
  const file: ProgramFile = { program, parallel: step.parallel ?? false };
  await writeFile(path.join(project.folder, "program.json"), JSON.stringify(file));
  if (step.importFile !== undefined)
    await writeFile(path.join(project.folder, importFile), JSON.stringify(step.importFile));
  const before = (await callsOf(project)).length;
  const since = async () => (await callsOf(project)).slice(before);
  const env = environment(project, step.faults ?? []);
  const stack = project.existingStack(stackName);
  const run = async (flags: string[]) => {
    const args = [...argumentsOf(step), ...flags];
    if (step.killed) return killWhenItHangs(stack, args, env, since);
    const { exitCode } = await stack.run([...args, "--stack", stackName], { env });
    return exitCode === 0;
  };
  const succeeded = runsInline(step) ? await hosts.lend((flag) => run([flag]), step.killed) : await run([]);
  return { calls: await since(), succeeded };
}

function runsInline({ command: [name = "", ...flags], programProcess }: Step): boolean {
  if (programProcess) return false;
  return name === "up" || name === "preview" || flags.includes("--run-program");
}

async function killWhenItHangs(
  stack: Stack,
  args: string[],
  env: Record<string, string>,
  calls: () => Promise<Call[]>,
): Promise<false> {
  const command = stack.spawn(args, { env });
  try {
    await Promise.race([
      vi.waitUntil(async () => (await calls()).some(({ answer }) => answer?.endsWith("hangs")), {
        timeout: 60_000,
        interval: 20,
      }),
      command.finished.then(({ all }) => {
        throw new Error(`the command ended before a call hung:\n${all}`);
      }),
    ]);
    await command.kill("everything");
  } finally {
    await command.cleanUp();
  }
  await stack.succeed(["cancel", "--yes", "--stack", stackName]);
  return false;
}

async function callsOf({ folder }: Project): Promise<Call[]> {
  return parseCalls(await readFile(path.join(folder, callsFile), "utf8"));
}

function environment({ folder }: Project, faults: Step["faults"]): Record<string, string> {
  return {
    // Each command starts a provider process, which loads the SDK.
    NODE_COMPILE_CACHE: path.join(folder, "../node-cache"),
    TRACE_FAULTS: JSON.stringify(faults),
    TRACE_FILE: path.join(folder, callsFile),
    TRACE_RECORDER: path.join(import.meta.dirname, "recorder.ts"),
  };
}

/** The whole command line. It has no preview and one resource at a time, so the calls have a fixed order. */
function argumentsOf({ command: [name = "", ...rest], parallel }: Step): string[] {
  const flags = rest.map((flag) => flag.replace(/@(\w+)/, (_, thing: string) => urnOf(thing)));
  const serial = parallel ? [] : ["--parallel", "1"];
  switch (name) {
    case "preview":
      return [name, ...serial, ...flags];
    case "state":
      return [name, ...flags, "--yes"];
    case "import":
      return [name, "--file", importFile, "--yes", "--skip-preview", "--generate-code=false", ...serial, ...flags];
    default:
      return [name, "--yes", "--skip-preview", ...serial, ...flags];
  }
}

function urnOf(thing: string): string {
  return `urn:pulumi:${stackName}::test::pulumi-nodejs:dynamic/trace:Thing::${thing}`;
}
