import { type Call, UNKNOWN, canonical } from "./recorder.ts";
import type { Scenario, Step } from "./scenario.ts";

/** The result of a step. */
export interface StepTrace {
  readonly calls: readonly Call[];
  readonly succeeded: boolean;
}

/** The recording of a scenario: the engine's calls, as text that people read and tests compare. */
export function traceText(
  { title, start, given = [], refreshAlways, steps }: Scenario,
  traces: readonly StepTrace[],
): string {
  const parts = steps.map((step, index) => {
    const { calls, succeeded } = traces[index] ?? { calls: [], succeeded: false };
    const lines = inOrder(step, calls).map((call) => `  ${sentence(call)}`);
    return [...heading(step), ...(lines.length > 0 ? lines : ["  (no call)"]), `  ${ending(step, succeeded)}`].join(
      "\n",
    );
  });
  return [
    title,
    ...(refreshAlways ? ["Pulumi.yaml: options: refresh: always"] : []),
    ...(start ? [`deployed: ${JSON.stringify(start)}`] : []),
    ...(given.length > 0 ? ["", "after:", ...given.flatMap((step) => heading(step).slice(1))] : []),
    ...parts,
    "",
  ].join("\n");
}

function heading(step: Step): string[] {
  const { command, program, faults = [], parallel, anyOrder, importFile } = step;
  const note = parallel ? " (in parallel: the calls of each thing)" : anyOrder ? " (deletes in any order)" : "";
  return [
    "",
    `$ pulumi ${command.join(" ").replaceAll("@", "")}${note}`,
    ...(program ? [`  program: ${JSON.stringify(program)}`] : []),
    ...(importFile === undefined ? [] : [`  file: ${JSON.stringify(importFile)}`]),
    ...(step.killed ? ["  killed when a call hangs"] : []),
    ...faults.map(({ method, tag, id, kind }) => `  fault: ${method} of ${id ?? tag}: ${kind}`),
  ];
}

function ending({ killed }: Step, succeeded: boolean): string {
  return killed ? "killed" : succeeded ? "succeeds" : "fails";
}

/** One call in words. */
export function sentence({ method, tag, id, news, olds, changed, unknown = [], checked, answer }: Call): string {
  const parts = [
    olds === undefined ? undefined : olds ? "with old inputs" : "without old inputs",
    // Without old inputs every field is new.
    olds === false || changed === undefined ? undefined : `changed: ${changed.join(", ") || "nothing"}`,
    unknown.length === 0 ? undefined : `unknown: ${unknown.join(", ")}`,
    checked &&
      { last: "news as checked", before: "news as checked before the last time", never: "news never checked" }[checked],
  ].filter((part) => part !== undefined);
  const what = [method, tag, id, news && shown(news)].filter((part) => part !== undefined).join(" ");
  return [what, parts.length > 0 ? ` (${parts.join("; ")})` : "", answer === undefined ? "" : ` → ${answer}`].join("");
}

function shown(news: NonNullable<Call["news"]>): string {
  return canonical(news).replaceAll(UNKNOWN, "?");
}

/** The calls in a stable order. */
function inOrder({ parallel, anyOrder }: Step, calls: readonly Call[]): Call[] {
  const by = (field: "tag" | "id") => (one: Call, other: Call) => (one[field] ?? "").localeCompare(other[field] ?? "");
  if (parallel) return calls.toSorted(by("tag"));
  if (!anyOrder) return [...calls];
  const isDelete = ({ method }: Call) => method === "delete";
  return [...calls.filter((call) => !isDelete(call)), ...calls.filter(isDelete).sort(by("id"))];
}
