import type { ResourceProvider } from "@pulumi/pulumi/dynamic";
import { interruption, watchEngine } from "../runtime/engine-process";
import { createProvider } from "./provider";

const provider = createProvider({
  env: process.env,
  tell: (line) => {
    // The engine shows a provider's stderr below the stack's resource.
    process.stderr.write(`${line}\n`);
  },
  interruption,
});

/**
 * The lifecycle of keys, a `pulumi.dynamic.ResourceProvider`. For the engine's provider process, not for programs. The
 * module itself is the provider, so the text in the state only has to `require` it.
 */
const lifecycle: Required<ResourceProvider> = {
  ...provider,
  configure(request) {
    // Only the engine's plugin calls configure.
    watchEngine();
    return provider.configure(request);
  },
};
// Supports `require`, `import provider from` in an ES module, and the same compiled to CommonJS.
export = lifecycle;
