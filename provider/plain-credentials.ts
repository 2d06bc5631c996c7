import { type Output, type Resource, log, runtime } from "@pulumi/pulumi";

/** The warnings that each stack has had. The Automation API runs several stacks in one process. */
const toldByStack = new WeakMap<object, Set<string>>();

/**
 * Warns once per run about credentials that Pulumi keeps in plain text. Only the program can see this, because the
 * provider gets the whole configuration decrypted.
 * @param connection the resource's; ignored if it is not known yet
 * @param provider an explicit one, whose inputs replace the configuration
 */
export function warnOfPlainCredentials(connection: unknown, provider: Resource | undefined): void {
  if (connection !== undefined && typeof connection !== "string") return;
  const namespace = connection === undefined ? "datadog" : `datadog-${connection}`;
  for (const key of [`${namespace}:apiKey`, `${namespace}:appKey`]) {
    if (provider) void warnOfInput(provider, key);
    else if (runtime.getConfig(key) !== undefined && !isConfigSecret(key)) warnOnce(inConfiguration(key));
  }
}

export function inConfiguration(key: string): string {
  return `${key} is in plain text in the stack's configuration. Set it again with \`pulumi config set --secret ${key}\`.`;
}

export function inProvider(key: string): string {
  return `${key} of the explicit provider is in plain text in the state. Give it as pulumi.secret(…).`;
}

async function warnOfInput(provider: Resource, key: string): Promise<void> {
  // The SDK turns each input into an Output, and its types lack `isSecret`.
  const input = (provider as unknown as Record<string, (Output<unknown> & { isSecret: Promise<boolean> }) | undefined>)[
    key
  ];
  if (input !== undefined && !(await input.isSecret)) warnOnce(inProvider(key));
}

function warnOnce(text: string): void {
  const stack = runtime.getStackResource() ?? toldByStack;
  const told = toldByStack.get(stack) ?? new Set();
  toldByStack.set(stack, told);
  if (told.has(text)) return;
  told.add(text);
  void log.warn(text);
}

/** Missing from the SDK's types. Every supported release has it. */
function isConfigSecret(key: string): boolean {
  return (runtime as unknown as { isConfigSecret(key: string): boolean }).isConfigSecret(key);
}
