import type { KeyInputs, KeyState } from "../../../provider/lifecycle/model/properties";
import type { Sandbox } from "../../../sandbox/index";
import { EngineModel } from "./engine/model";
import type { CommandOptions, Outcome, Process, StoredResource as Stored } from "./engine/types";
import { type ProcessOptions, ProviderProcess } from "./provider-process";

export type { Outcome } from "./engine/types";

export type StoredResource = Stored<KeyInputs, KeyState>;

/** What a program declares: a key for each name of a resource. */
export type Program = Readonly<Record<string, KeyInputs>>;

export interface RunOptions extends ProcessOptions, CommandOptions {}

/** A stack of keys, by the model of the engine. (test/engine has the real one.) */
export class Stack extends EngineModel<KeyInputs, KeyState, RunOptions> {
  constructor(private readonly sandbox: Pick<Sandbox, "url" | "apiKey" | "appKey">) {
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
    return new ProviderProcess(this.sandbox, options);
  }
}
