/** What a program declares: the inputs of each thing and, under `$options`, its resource options. */
export type TraceProgram = Readonly<Record<string, Declared>>;

/**
 * The inputs of a thing: a value, `{ $from: "a" }` for the output `out` of a, or `{ $secret: … }`. The default of the
 * input `tag` is the thing's name.
 */
export interface Declared {
  readonly $options?: Options;
  /** Whether the thing is a component, which has children and no provider. */
  readonly $component?: true;
  readonly [input: string]: unknown;
}

/** Pulumi's resource options, with other things given by name. */
export interface Options {
  readonly parent?: string;
  readonly dependsOn?: readonly string[];
  readonly replaceWith?: readonly string[];
  readonly deletedWith?: string;
  readonly aliases?: readonly { readonly name?: string; readonly noParent?: true }[];
  readonly ignoreChanges?: readonly string[];
  readonly replaceOnChanges?: readonly string[];
  readonly deleteBeforeReplace?: boolean;
  readonly replacementTrigger?: string;
  readonly protect?: boolean;
  readonly retainOnDelete?: boolean;
  /** The id of an existing thing, which the engine only reads. */
  readonly id?: string;
  readonly hooks?: Readonly<Record<string, HookName>>;
}

/** What a hook does. onError decides whether to try again. The other hooks do nothing or fail. */
export type HookName = "again" | "once" | "no more" | "nothing" | "fails";

/** The program file in the project's folder. */
export interface ProgramFile {
  readonly program: TraceProgram;
  /**
   * Whether things are declared in parallel. Otherwise they are declared one at a time, so the calls have a fixed
   * order.
   */
  readonly parallel: boolean;
}

/** The provider's text in the state. The engine's provider process loads the recorder, and Node.js strips its types. */
export const providerText = "exports.handler = () => require(process.env.TRACE_RECORDER).recorder()";
