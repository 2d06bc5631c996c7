import type { KeyInputs } from "../../../provider/lifecycle/model/inputs";
import type { KeyState } from "../../../provider/lifecycle/model/state";
import type { Sandbox } from "../../../sandbox/index";
import { EngineModel } from "./engine/model";
import type { CommandOptions, Outcome, Process, StoredResource as Stored } from "./engine/types";
import { type ProcessOptions, ProviderProcess } from "./provider-process";

export type { Outcome } from "./engine/types";

export type StoredResource = Stored<KeyInputs, KeyState>;

/** What a program declares: the inputs of each key, by the name of its resource. */
export type Program = Readonly<Record<string, KeyInputs>>;

export interface RunOptions extends ProcessOptions, CommandOptions {
  /** The organisation whose address and credentials the configuration has. @default the stack's own organisation */
  readonly organisation?: Organisation;
  /** Whether the inputs name their resource. Programs with 0.2.0 or earlier do not name it. @default true */
  readonly named?: boolean;
}

type Organisation = Pick<Sandbox, "url" | "apiKey" | "appKey">;

/** A stack of keys that runs on the model of the engine. (test/engine uses the real engine.) */
export class Stack extends EngineModel<KeyInputs, KeyState, RunOptions> {
  constructor(private readonly sandbox: Organisation) {
    super();
  }

  override up(program: Program, options: RunOptions = {}): Promise<Outcome> {
    return super.up(program, options);
  }

  override preview(program: Program, options: RunOptions = {}): Promise<Outcome> {
    return super.preview(program, options);
  }

  override refresh(options: RunOptions = {}): Promise<Outcome> {
    return super.refresh(options);
  }

  override destroy(options: RunOptions = {}): Promise<Outcome> {
    return super.destroy(options);
  }

  protected override start(options: RunOptions): Process<KeyState> {
    return new ProviderProcess(options.organisation ?? this.sandbox, options);
  }

  protected override hidden(name: string, { named = true }: RunOptions): object {
    return named ? { __resource: `pulumi-nodejs:dynamic/datadog:ApplicationKey::${name}` } : {};
  }
}
