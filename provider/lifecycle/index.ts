import type { ResourceProvider } from "@pulumi/pulumi/dynamic";
import { interruption, watchEngine } from "./engine-process";
import { type Provider, createProvider } from "./provider";

function createLifecycle() {
  const provider = createProvider({
    env: process.env,
    tell: (line) => {
      // The engine shows what a provider writes to stderr beside the resource's progress.
      process.stderr.write(`${line}\n`);
    },
    interruption,
  });
  const configure: Provider["configure"] = (request) => {
    // Only the engine's plugin configures a provider.
    watchEngine();
    return provider.configure(request);
  };
  // The SDK's serialiser puts undefined in place of what is marked so.
  return { ...provider, configure, doNotCapture: true } as Provider | undefined;
}

const lifecycle = createLifecycle();

/**
 * `new pulumi.dynamic.Resource(provider, …)` stores how to require this module where the package is installed, but the
 * text of each function where it is linked from elsewhere. That text then finds the lifecycle by the package's name.
 */
function installed(): Provider {
  // eslint-disable-next-line @typescript-eslint/no-require-imports
  return lifecycle ?? (require("pulumi-datadog-application-key/provider") as Provider);
}

/**
 * The lifecycle of Datadog application keys, as a `pulumi.dynamic.ResourceProvider`. {@link ApplicationKey} names this
 * module in the state; it is loaded in the engine's provider process, never in a program.
 */
export const configure: Provider["configure"] = (request) => installed().configure(request);
export const check: Provider["check"] = (olds, news) => installed().check(olds, news);
export const diff: Provider["diff"] = (id, olds, news) => installed().diff(id, olds, news);
export const create: Provider["create"] = (inputs) => installed().create(inputs);
export const read: Provider["read"] = (id, props) => installed().read(id, props);
export const update: Provider["update"] = (id, olds, news) => installed().update(id, olds, news);
const revoke: Provider["delete"] = (id, props) => installed().delete(id, props);
export { revoke as delete };

// The module itself is the provider, and its own default export: `import provider from` and `require` give an object that
// the SDK's serialiser recognises as a module, as does `import * as provider` compiled to CommonJS. (It can serialise no
// ES module's namespace.)
const provider = module.exports as ResourceProvider;
export default provider;
