import type { CheckFailure } from "@pulumi/pulumi/dynamic";

/** What the engine calls of a provider whose resources have inputs I and outputs S. */
export interface Served<S> {
  check(olds: object, news: object): Promise<{ readonly inputs?: object; readonly failures?: CheckFailure[] }>;
  diff(id: string, olds: S, news: object): Promise<{ readonly changes?: boolean; readonly replaces?: string[] }>;
  create(news: object): Promise<{ readonly id: string; readonly outs?: S }>;
  read(id: string, props: S): Promise<{ readonly id?: string; readonly props?: S; readonly inputs?: object }>;
  update(id: string, olds: S, news: object): Promise<{ readonly outs?: S }>;
  delete(id: string, props: S): Promise<void>;
}

/** The provider process of one command. */
export interface Process<S> {
  readonly provider: Served<S>;
  readonly told: readonly string[];
  /** Resolves when it is killed, and the engine with it. */
  readonly died: Promise<"died">;
}

/** What an error hook says, or whether another hook fails. */
export interface Hooks {
  readonly onError?: "again" | "once" | "no more";
  readonly beforeCreate?: "nothing" | "fails";
  readonly afterCreate?: "nothing" | "fails";
  readonly beforeUpdate?: "nothing" | "fails";
  readonly afterUpdate?: "nothing" | "fails";
  readonly beforeDelete?: "nothing" | "fails";
  readonly afterDelete?: "nothing" | "fails";
}

/** Pulumi's resource options, with names of other resources in place of these. */
export interface ResourceOptions {
  readonly dependsOn?: readonly string[];
  readonly replaceWith?: readonly string[];
  readonly deletedWith?: string;
  /** What the resource was called before. */
  readonly aliases?: readonly string[];
  readonly ignoreChanges?: readonly string[];
  readonly deleteBeforeReplace?: boolean;
  /** A change replaces. */
  readonly replacementTrigger?: string;
  readonly protect?: boolean;
  readonly retainOnDelete?: boolean;
  readonly additionalSecretOutputs?: readonly string[];
  /** Of an existing thing, which is then only read. */
  readonly id?: string;
  readonly hooks?: Hooks;
}

/** A resource as the engine keeps it in state. */
export interface StoredResource<I, S> {
  readonly name: string;
  readonly id: string;
  readonly inputs: Partial<I>;
  readonly outputs: S;
  /** Partly done: the engine updates it in the next run even if nothing has changed. */
  readonly unfinished: boolean;
  /** Deleted, and its replacement is not there yet. */
  readonly pendingReplacement?: boolean;
  /** To be replaced, by `pulumi state taint`. */
  readonly tainted?: boolean;
  /** What the program said of it last. */
  readonly options?: ResourceOptions;
  /** Paths of the inputs and of the outputs that are kept encrypted. */
  readonly secretInputs?: readonly string[];
  readonly secretOutputs?: readonly string[];
  /** The resources that inputs come from, by input. */
  readonly sources?: Readonly<Record<string, string>>;
}

/** Flags of the command line. */
export interface CommandOptions {
  /** Whether operations run together, as in the engine, or one after the other. @default true */
  readonly parallel?: boolean;
  /** `--refresh` */
  readonly refresh?: boolean;
  /** `--run-program` */
  readonly runProgram?: boolean;
  /** `--replace` */
  readonly replace?: readonly string[];
  readonly target?: readonly string[];
  readonly targetDependents?: boolean;
  readonly exclude?: readonly string[];
  readonly excludeProtected?: boolean;
  readonly continueOnError?: boolean;
  /** By the Automation API, whose program does not fail when a resource does. */
  readonly inline?: boolean;
  /**
   * The engine is killed after the provider has answered the create of that resource and before the state has the
   * answer. By then, if other steps have written the state, a replaced resource is in it only as one to delete.
   */
  readonly killedAfterCreate?: string;
  /** The options of the program's resources. */
  readonly options?: Readonly<Record<string, ResourceOptions>>;
}

/** How a command ended. */
export interface Outcome {
  readonly errors: readonly Error[];
  readonly told: readonly string[];
  readonly died: boolean;
}
