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

/** Reads what to declare from its environment, so that all scenarios share one text. */
export const programText = `
  const pulumi = require("@pulumi/pulumi");
  const declared = JSON.parse(process.env.TRACE_PROGRAM);
  const made = {};
  // The recorder has no types to be checked: Node.js strips them.
  const provider = "exports.handler = () => require(process.env.TRACE_RECORDER).recorder()";

  class Thing extends pulumi.CustomResource {
    constructor(name, inputs, options) {
      super("pulumi-nodejs:dynamic/trace:Thing", name, { out: undefined, ...inputs, __provider: provider }, options);
    }
  }

  const hooks = {
    again: () => new pulumi.ErrorHook("again", () => true),
    once: () => new pulumi.ErrorHook("once", ({ errors }) => errors.length < 2),
    "no more": () => new pulumi.ErrorHook("no more", () => false),
    nothing: () => new pulumi.ResourceHook("nothing", () => {}),
    fails: () => new pulumi.ResourceHook("fails", () => { throw new Error("the hook fails"); }),
  };
  const hook = (name) => (hooks[name].made ??= hooks[name]());

  const value = (input) =>
    input?.$from ? made[input.$from].out : input?.$secret ? pulumi.secret(input.$secret) : input;
  const all = (names) => names?.map((name) => made[name]);
  const valuesOf = (object, change) =>
    Object.fromEntries(Object.entries(object).map(([key, part]) => [key, change(part)]));

  // One after the other, so that the calls have one order.
  const settled = (thing) => (process.env.TRACE_PARALLEL ? undefined : thing.urn.promise().catch(() => undefined));

  module.exports = async () => {
   for (const [name, { $options = {}, $component, ...inputs }] of Object.entries(declared)) {
    const { parent, dependsOn, replaceWith, deletedWith, aliases, replacementTrigger, hooks: bound, ...rest } = $options;
    const options = {
      ...rest,
      parent: made[parent],
      dependsOn: all(dependsOn),
      replaceWith: all(replaceWith),
      deletedWith: made[deletedWith],
      aliases: aliases?.map(({ noParent, ...alias }) => (noParent ? { ...alias, parent: pulumi.rootStackResource } : alias)),
      replacementTrigger: value(replacementTrigger),
      hooks: bound && valuesOf(bound, (name) => [hook(name)]),
    };
    made[name] = $component
      ? new pulumi.ComponentResource("trace:Component", name, {}, options)
      : new Thing(name, { tag: name, ...valuesOf(inputs, value) }, options);
    await settled(made[name]);
   }
  };
`;
