import type { ResourceProvider } from "@pulumi/pulumi/dynamic";
import { interruption, watchEngine } from "../runtime/engine-process";
import { createProvider } from "./provider";

const provider = createProvider({
  env: process.env,
  tell: (line) => {
    // The engine shows what a provider writes to stderr beside the resource's progress.
    process.stderr.write(`${line}\n`);
  },
  interruption,
});

/**
 * The lifecycle of keys, a `pulumi.dynamic.ResourceProvider`: for the engine's provider process, not for programs. The
 * module itself is the provider, so that `require` is all that the text in the state has to do.
 */
const lifecycle: Required<ResourceProvider> = {
  ...provider,
  configure(request) {
    // Only the engine's plugin configures a provider.
    watchEngine();
    return provider.configure(request);
  },
};
// For `require`, for an ES module's `import provider from`, and for the same compiled to CommonJS.
export = lifecycle;
