import { setTimeout as sleep } from "node:timers/promises";
import type { KeyInputs } from "../../../../provider/lifecycle/model/inputs";
import type { Sandbox } from "../../../../sandbox/index";
import { deviations } from "../exactness";
import { unencrypted, visibleText } from "../leaks";
import { sendsToDatadog } from "../messages";
import type { Outcome, Stack } from "../stack";
import { type Surroundings, withSurroundings } from "../surroundings";
import type { Case } from "./case";
import { shortTimeoutMs } from "./faults";
import { type Operation, apiOf, keyName, operate, prepare, programOf } from "./operations";
import { type Point, pointsFrom } from "./requests";
import { type Ending, endingOf } from "./rules";
import { type Setting, adoptionIn, describeSetting } from "./settings";

export interface CaseResult {
  /** The case and its result. */
  readonly line: string;
  readonly violations: readonly string[];
  readonly injected: number;
}

/** The requests that an operation sends when nothing goes wrong. */
export async function pointsOf(operation: Operation, setting: Setting): Promise<{ points: Point[]; ending: Ending }> {
  return withSurroundings(setting, [keyName], async (surroundings) => {
    const { sandbox } = surroundings;
    await prepare(operation, setting, surroundings);
    const before = sandbox.requests().length;
    const outcome = await operate(operation, setting, surroundings);
    return { points: pointsFrom(sandbox.requests().slice(before)), ending: endOf(outcome) };
  });
}

export async function runCase(matrixCase: Case): Promise<CaseResult> {
  const { setting, fault } = matrixCase;
  // If a fault is slower than the client's time limit, the waits take real time, so late requests can arrive in them.
  const duringWait = fault.slow && (() => sleep(shortTimeoutMs));
  return withSurroundings(setting, [keyName], (surroundings) => run(matrixCase, surroundings), duringWait);
}

async function run(matrixCase: Case, surroundings: Surroundings): Promise<CaseResult> {
  const { setting, operation, fault, point, lasting } = matrixCase;
  const { sandbox, stack, foreign } = surroundings;
  await prepare(operation, setting, surroundings);
  const found = new Set(sandbox.keys().map(({ id }) => id));

  const removeFault = inject(sandbox, matrixCase);
  const struck = await operate(operation, setting, surroundings, fault.slow ? { timeoutMs: shortTimeoutMs } : {});
  removeFault();
  const injected = sandbox.faultsInjected().length;
  const untracked = sandbox.keys().filter(({ id, key }) => !found.has(id) && !isTracked(stack, key));

  const violations: string[] = [];
  const expected = endingOf(matrixCase);
  const ending = endOf(struck);
  if (ending !== expected.ending) violations.push(`ended ${ending}, not ${expected.ending}: ${expected.because}`);
  if (injected === 0) violations.push("no request met the fault");
  const program = programOf(setting, operation.after);
  if (ending === "done") violations.push(...deviations(stack, program, sandbox, foreign));
  else violations.push(...unhelpful(struck, untracked));

  const outcomes = [struck, ...(await recover(matrixCase, struck, surroundings))];
  const shown = [...outcomes.map(visibleText), ...surroundings.newLines(), unencrypted(stack.state())].join("\n");
  violations.push(
    ...deviations(stack, program, sandbox, foreign).map((text) => `at the end, ${text}`),
    ...surroundings.leaksIn(shown).map((key) => `the secret …${key} is shown`),
  );
  const what = `${describeSetting(setting)} | ${operation.label} | ${point.number} ${point.method} ${point.route}`;
  const how = `${fault.label}${lasting ? ", lasting" : ""} | ${ending} | ${outcomes.length - 1} more`;
  const verdict = violations.length === 0 ? "ok" : violations.join("; ");
  const errors =
    violations.length === 0 ? "" : outcomes.map((outcome) => `\n      ${visibleMessages(outcome)}`).join("");
  return {
    injected,
    line: `${what} | ${how} | ${verdict}`,
    violations: violations.map((text) => `${what} | ${how}: ${text}${errors}`),
  };
}

function inject(sandbox: Sandbox, { fault: { effect }, point, lasting }: Case): () => void {
  if (!lasting) return sandbox.fail({ ...effect, nth: point.number });
  if (effect.kind === "refuse") return sandbox.fail({ ...effect, nth: point.number, times: Infinity });
  const { method, route, occurrence } = point;
  return sandbox.fail({ ...effect, method, route, nth: occurrence, times: Infinity });
}

/** What the user does next: run the same command again, with `adopt` if the message says so. */
async function recover({ setting, operation }: Case, struck: Outcome, surroundings: Surroundings): Promise<Outcome[]> {
  const { stack, clock, runner } = surroundings;
  const again = (more: Partial<KeyInputs>) => {
    // If the message sends the user to Datadog's web page, they see the key there before the next command. Otherwise
    // the next command follows at once.
    if (sendsToDatadog(outcomes.at(-1) ?? struck)) surroundings.passLag();
    const after = operation.after && { ...operation.after, ...more };
    return stack.up(programOf(setting, after), { clock, appKey: runner.appKey });
  };
  const outcomes: Outcome[] = [];
  outcomes.push(await again({}));
  for (let more = 0; more < 2 && outcomes.at(-1)?.errors.length; more += 1) {
    const advised = outcomes.at(-1)?.errors.some(({ message }) => message.includes("adopt: "));
    if (!advised) break;
    outcomes.push(await again({ adopt: adoptionIn({ ...setting, api: apiOf({ setting, operation }) }) }));
  }
  return outcomes;
}

function isTracked(stack: Stack, key: string): boolean {
  return stack.state().some(({ outputs }) => [outputs.hash, outputs.previousHash].includes(key));
}

/** An error must name the operation, the key and the site, mention keys that may be left, and give the next step. */
function unhelpful({ errors }: Outcome, untracked: readonly { id: string; name: string }[]): string[] {
  return errors.flatMap(({ message }) => {
    const faults: string[] = [];
    if (!message.includes("datadoghq.com")) faults.push("no site");
    if (!/application key/i.test(message) && !message.includes("current user")) faults.push("no subject");
    if (!/\b(Set|set|Run|run|Check|Correct|Choose|choose|Revoke|revoke|Use|Give|tries again)\b/.test(message))
      faults.push("no next step");
    if (untracked.length > 0 && !/adopt: |revoke/i.test(message))
      faults.push(`nothing about ${untracked.length} untracked keys`);
    return faults.map((fault) => `the message has ${fault}: ${message}`);
  });
}

function endOf({ errors }: Outcome): Ending {
  return errors.length === 0 ? "done" : "failed";
}

function visibleMessages({ errors, printed }: Outcome): string {
  return [...printed, ...errors.map(({ message }) => message), ...(errors.length === 0 ? ["(done)"] : [])].join(" // ");
}
