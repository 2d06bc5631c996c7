import type { TraceProgram } from "../../engine/traces/program.ts";
import { type Call, type Fault, createRecorder, madeIn } from "../../engine/traces/recorder.ts";
import type { Step } from "../../engine/traces/scenario.ts";
import type { StepTrace } from "../../engine/traces/trace.ts";
import { EngineModel } from "../support/engine/model.ts";
import type { CommandOptions, Outcome, Process, ResourceOptions } from "../support/engine/types.ts";
import { Reference } from "../support/engine/wire.ts";

type Values = Record<string, unknown>;

interface TracedOptions extends CommandOptions {
  readonly faults: readonly Fault[];
}

/** A stack of the model with the provider that also records the calls of the real engine. */
export class TracedStack extends EngineModel<Values, Values, TracedOptions> {
  readonly #calls: Call[] = [];

  /** Runs one step of a scenario. */
  async run(step: Step, program: TraceProgram, refreshAlways: boolean): Promise<StepTrace> {
    const before = this.#calls.length;
    const outcome = await this.#command(step, program, refreshAlways);
    return { calls: this.#calls.slice(before), succeeded: !outcome?.died && !outcome?.errors.length };
  }

  protected override start({ faults }: TracedOptions): Process<Values> {
    let die: (how: "died") => void = () => undefined;
    const died = new Promise<"died">((resolve) => (die = resolve));
    let isConfigured = false;
    const recorder = createRecorder({
      append: (call) => {
        // The engine starts a provider process when it first needs one.
        if (!isConfigured) this.#calls.push({ method: "configure" });
        isConfigured = true;
        this.#calls.push(call);
        if (call.answer?.endsWith("hangs")) die("died");
      },
      made: (tag) => madeIn(this.#calls, tag),
      faults,
    });
    return { provider: recorder, printed: [], died };
  }

  async #command(step: Step, program: TraceProgram, refreshAlways: boolean): Promise<Outcome | undefined> {
    const [command = "", ...flags] = step.command;
    const options = {
      ...optionsOf(flags, refreshAlways),
      inline: !step.programProcess,
      options: resourceOptions(program),
      faults: step.faults ?? [],
    };
    switch (command) {
      case "up":
        return this.up(inputsOf(program), options);
      case "preview":
        return this.preview(inputsOf(program), options);
      case "refresh":
        return this.refresh(options);
      case "destroy":
        return this.destroy(options);
      case "import": {
        const [resource] = (step.importFile as { resources: [{ name: string; id: string; inputs: Values }] }).resources;
        return this.importResource(resource.name, resource, options);
      }
      case "state":
        this.taint(named(flags.at(-1)));
        return undefined;
      default:
        throw new Error(`the model knows no ${command}`);
    }
  }
}

function optionsOf(flags: readonly string[], refreshAlways: boolean): CommandOptions {
  const after = (...names: string[]) =>
    flags.flatMap((flag, index) => (names.includes(flags[index - 1] ?? "") ? [named(flag)] : []));
  const has = (flag: string) => flags.includes(flag);
  const targets = after("--target", "--target-replace");
  const excluded = after("--exclude");
  return {
    parallel: false,
    refresh: has("--refresh") || refreshAlways,
    runProgram: has("--run-program"),
    replace: after("--replace", "--target-replace"),
    ...(targets.length > 0 && { target: targets }),
    ...(excluded.length > 0 && { exclude: excluded }),
    targetDependents: has("--target-dependents"),
    excludeProtected: has("--exclude-protected"),
    continueOnError: has("--continue-on-error"),
  };
}

function named(flag = ""): string {
  return flag.replace("@", "");
}

function inputsOf(program: TraceProgram): Record<string, Values> {
  const value = (input: unknown): unknown => {
    const { $from, $secret } = (input ?? {}) as { $from?: string; $secret?: unknown };
    return $from !== undefined ? new Reference($from, "out") : ($secret ?? input);
  };
  return Object.fromEntries(
    Object.entries(program)
      .filter(([, { $component }]) => !$component)
      .map(([name, declared]) => [
        name,
        Object.fromEntries(
          Object.entries({ tag: name, ...declared })
            .filter(([input]) => input !== "$options")
            .map(([input, given]) => [input, value(given)]),
        ),
      ]),
  );
}

/** The model knows resources by name and has no parents. It ignores `replaceOnChanges`, which needs detailed diffs. */
function resourceOptions(program: TraceProgram): Record<string, ResourceOptions> {
  return Object.fromEntries(
    Object.entries(program).map(([name, { $options = {} }]) => {
      const aliases = ($options.aliases ?? []).flatMap((alias) => alias.name ?? []);
      return [name, { ...$options, aliases }];
    }),
  );
}
