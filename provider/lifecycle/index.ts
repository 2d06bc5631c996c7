import type { ResourceProvider } from "@pulumi/pulumi/dynamic";
import { createProvider } from "./provider";

/**
 * The lifecycle of Datadog application keys, as a `pulumi.dynamic.ResourceProvider`. {@link ApplicationKey} names this
 * module in the state; it is loaded in the engine's provider process, never in a program.
 */
export const {
  configure,
  check,
  diff,
  create,
  read,
  update,
  delete: delete_,
} = createProvider({
  env: process.env,
  tell: (line) => {
    // The engine shows what a provider writes to stderr beside the resource's progress.
    process.stderr.write(`${line}\n`);
  },
});

// `delete` is no name that an export can have in TypeScript. The module itself is the provider, and its own default
// export, so that `import provider from`, `import * as provider` and `require` all give the object that the SDK's
// serialiser recognises as a module.
const provider: ResourceProvider = Object.assign(module.exports as object, { delete: delete_ }) as ResourceProvider;
export default provider;
