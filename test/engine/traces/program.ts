/** What a program declares: the inputs of each thing and, under `$options`, its resource options. */
export type TraceProgram = Readonly<Record<string, Declared>>;

/**
 * Inputs: a value, `{ $from: "a" }` for the output `out` of a, or `{ $secret: … }`. The input `tag` is the thing's name
 * where the program does not say another.
 */
export interface Declared {
  readonly $options?: Options;
  /** A component, which has children and no provider. */
  readonly $component?: true;
  readonly [input: string]: unknown;
}

/** Pulumi's own, with the names of other things in place of these. */
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
  /** An existing thing's, which is then only read. */
  readonly id?: string;
  readonly hooks?: Readonly<Record<string, HookName>>;
}

/** What hooks do: onError's say whether to try again; the others do nothing or fail. */
export type HookName = "again" | "once" | "no more" | "nothing" | "fails";

/** What the program finds in the project's folder. */
export interface ProgramFile {
  readonly program: TraceProgram;
  /** Whether things are declared together, and not one after the other, so that the calls have one order. */
  readonly parallel: boolean;
}

/** What the state keeps: the engine's provider process loads the recorder, whose types Node.js strips. */
export const providerText = "exports.handler = () => require(process.env.TRACE_RECORDER).recorder()";
