import type { ResourceProvider } from "@pulumi/pulumi/dynamic";
import { interruption, watchEngine } from "./engine-process";
import { type Provider, createProvider } from "./provider";

const lifecycle = createProvider({
  env: process.env,
  tell: (line) => {
    // The engine shows what a provider writes to stderr beside the resource's progress.
    process.stderr.write(`${line}\n`);
  },
  interruption,
});

/**
 * The lifecycle of Datadog application keys, as a `pulumi.dynamic.ResourceProvider`. {@link ApplicationKey} names this
 * module in the state; it is loaded in the engine's provider process, never in a program.
 */
export const { check, diff, create, read, update, delete: delete_ } = lifecycle;

/** Only the engine's plugin configures a provider. */
export const configure: Provider["configure"] = (request) => {
  watchEngine();
  return lifecycle.configure(request);
};

// `delete` is no name that an export can have in TypeScript. The module itself is the provider, and its own default
// export, so that `import provider from`, `import * as provider` and `require` all give the object that the SDK's
// serialiser recognises as a module.
const provider: ResourceProvider = Object.assign(module.exports as object, { delete: delete_ }) as ResourceProvider;
export default provider;
