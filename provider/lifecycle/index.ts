import type { ResourceProvider } from "@pulumi/pulumi/dynamic";
import { interruption, watchEngine } from "../runtime/engine-process";
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

// Pulumi's own type, so that the declarations need none of this package's internals.
type Served = Required<ResourceProvider>;

/**
 * `new pulumi.dynamic.Resource(provider, …)` stores the text of each function below; it finds the lifecycle by the
 * package's name, as what {@link ApplicationKey} stores does.
 */
function installed(): Served {
  // eslint-disable-next-line @typescript-eslint/no-require-imports
  return lifecycle ?? (require("pulumi-datadog-application-key/provider") as Served);
}

/** The lifecycle of keys, a `pulumi.dynamic.ResourceProvider`: for the engine's provider process, not for programs. */
export const configure: Served["configure"] = (request) => installed().configure(request);
export const check: Served["check"] = (olds, news) => installed().check(olds, news);
export const diff: Served["diff"] = (id, olds, news) => installed().diff(id, olds, news);
export const create: Served["create"] = (inputs) => installed().create(inputs);
export const read: Served["read"] = (id, props) => installed().read(id, props);
export const update: Served["update"] = (id, olds, news) => installed().update(id, olds, news);
const revoke: Served["delete"] = (id, props) => installed().delete(id, props);
export { revoke as delete };

// The module itself is the provider: for `require`, for an ES module's `import provider from`, and for `import * as provider`
// where that is compiled to CommonJS. (The SDK can serialise no ES module's namespace.) Its serialiser would store a module
// by the path of its file, which this package does not export; of a module that is marked so it stores the functions.
Object.defineProperty(module.exports, "deploymentOnlyModule", { value: true });
