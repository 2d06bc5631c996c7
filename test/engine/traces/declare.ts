import * as pulumi from "@pulumi/pulumi";
import { type HookName, type Options, type ProgramFile, providerText } from "./program.ts";

class Thing extends pulumi.CustomResource {
  declare readonly out: pulumi.Output<string>;

  constructor(name: string, inputs: pulumi.Inputs, options: pulumi.CustomResourceOptions) {
    super("pulumi-nodejs:dynamic/trace:Thing", name, { out: undefined, ...inputs, __provider: providerText }, options);
  }
}

type Made = Thing | pulumi.ComponentResource;

/** The program of every scenario. It declares the things in the program file. */
export async function declareThings({ program, parallel }: ProgramFile): Promise<void> {
  const made = new Map<string, Made>();
  const hook = hooksOfOneRun();
  for (const [name, { $options = {}, $component, ...inputs }] of Object.entries(program)) {
    const options = resourceOptions($options, made, hook);
    const resource = $component
      ? new pulumi.ComponentResource("trace:Component", name, {}, options)
      : new Thing(name, { tag: name, ...changed(inputs, (input) => valueOf(input, made)) }, options);
    made.set(name, resource);
    if (!parallel) await registered(resource);
  }
}

/** Settles when the thing is registered or refused. The SDK hides the promise of an output. */
function registered({ urn }: Made): Promise<unknown> {
  return (urn as unknown as { promise(): Promise<string> }).promise().catch(() => undefined);
}

function resourceOptions(
  { parent, dependsOn, replaceWith, deletedWith, aliases, hooks = {}, ...rest }: Options,
  made: ReadonlyMap<string, Made>,
  hook: (name: HookName) => pulumi.ErrorHook | pulumi.ResourceHook,
): pulumi.CustomResourceOptions {
  const called = (name: string) => {
    const found = made.get(name);
    if (!found) throw new Error(`there is no thing ${name} yet`);
    return found;
  };
  return {
    ...(rest as pulumi.CustomResourceOptions),
    ...(parent !== undefined && { parent: called(parent) }),
    ...(dependsOn && { dependsOn: dependsOn.map(called) }),
    ...(replaceWith && { replaceWith: replaceWith.map(called) }),
    ...(deletedWith !== undefined && { deletedWith: called(deletedWith) }),
    ...(aliases && {
      aliases: aliases.map(({ noParent, ...alias }) =>
        noParent ? { ...alias, parent: pulumi.rootStackResource } : alias,
      ),
    }),
    hooks: changed(hooks, (name) => [hook(name)]),
  };
}

function valueOf(input: unknown, made: ReadonlyMap<string, Made>): unknown {
  const { $from, $secret } = (input ?? {}) as { $from?: string; $secret?: unknown };
  if ($from !== undefined) return (made.get($from) as Thing).out;
  return $secret === undefined ? input : pulumi.secret($secret);
}

/** Each hook is registered once in a run. */
function hooksOfOneRun() {
  const make: Record<HookName, () => pulumi.ErrorHook | pulumi.ResourceHook> = {
    again: () => new pulumi.ErrorHook("again", () => true),
    once: () => new pulumi.ErrorHook("once", ({ errors }) => errors.length < 2),
    "no more": () => new pulumi.ErrorHook("no more", () => false),
    nothing: () => new pulumi.ResourceHook("nothing", () => undefined),
    fails: () =>
      new pulumi.ResourceHook("fails", () => {
        throw new Error("the hook fails");
      }),
  };
  const made = new Map<HookName, pulumi.ErrorHook | pulumi.ResourceHook>();
  return (name: HookName) => {
    const hook = made.get(name) ?? make[name]();
    made.set(name, hook);
    return hook;
  };
}

function changed<T, U>(values: Readonly<Record<string, T>>, change: (value: T) => U): Record<string, U> {
  return Object.fromEntries(Object.entries(values).map(([key, value]) => [key, change(value)]));
}
