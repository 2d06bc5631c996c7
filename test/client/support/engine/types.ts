import type { CheckFailure } from "@pulumi/pulumi/dynamic";

/** The methods of a provider that the engine calls. S is the type of the outputs. */
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
  readonly printed: readonly string[];
  /** Resolves when the process and the engine are killed. */
  readonly died: Promise<"died">;
}

/** The answer of the error hook, and whether the other hooks fail. */
export interface Hooks {
  readonly onError?: "again" | "once" | "no more";
  readonly beforeCreate?: "nothing" | "fails";
  readonly afterCreate?: "nothing" | "fails";
  readonly beforeUpdate?: "nothing" | "fails";
  readonly afterUpdate?: "nothing" | "fails";
  readonly beforeDelete?: "nothing" | "fails";
  readonly afterDelete?: "nothing" | "fails";
}

/** Pulumi's resource options, with other resources given by name. */
export interface ResourceOptions {
  readonly dependsOn?: readonly string[];
  readonly replaceWith?: readonly string[];
  readonly deletedWith?: string;
  /** Earlier names of the resource. */
  readonly aliases?: readonly string[];
  readonly ignoreChanges?: readonly string[];
  readonly deleteBeforeReplace?: boolean;
  /** A change of this value replaces the resource. */
  readonly replacementTrigger?: string;
  readonly protect?: boolean;
  readonly retainOnDelete?: boolean;
  readonly additionalSecretOutputs?: readonly string[];
  /** The id of an existing resource, which the engine only reads. */
  readonly id?: string;
  readonly hooks?: Hooks;
}

/** A resource in the state. */
export interface StoredResource<I, S> {
  readonly name: string;
  readonly id: string;
  readonly inputs: Partial<I>;
  readonly outputs: S;
  /**
   * The last operation was done in part, so the engine updates the resource in the next run even if nothing has
   * changed.
   */
  readonly unfinished: boolean;
  /** The resource is deleted and its replacement does not exist yet. */
  readonly pendingReplacement?: boolean;
  /** `pulumi state taint` has marked the resource for replacement. */
  readonly tainted?: boolean;
  /** The options in the last run of the program. */
  readonly options?: ResourceOptions;
  /** Paths of the inputs and outputs that the engine encrypts. */
  readonly secretInputs?: readonly string[];
  readonly secretOutputs?: readonly string[];
  /** The resources that the inputs come from, by input. */
  readonly sources?: Readonly<Record<string, string>>;
}

/** Flags of the command line. */
export interface CommandOptions {
  /** Whether operations run in parallel, as in the engine, or one at a time. @default true */
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
  /** The command runs through the Automation API, where the program does not fail when a resource does. */
  readonly inline?: boolean;
  /**
   * The engine is killed after the provider has answered the create of this resource, and before the state contains the
   * answer. If other steps have written the state by then, a replaced resource is in it only as a resource to delete.
   */
  readonly killedAfterCreate?: string;
  /** The options of the program's resources. */
  readonly options?: Readonly<Record<string, ResourceOptions>>;
}

/** How a command ended. */
export interface Outcome {
  readonly errors: readonly Error[];
  readonly printed: readonly string[];
  readonly died: boolean;
}
