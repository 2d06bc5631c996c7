import { type Output, type Resource, log, runtime } from "@pulumi/pulumi";

/** What a stack was told already. The Automation API runs several in one process. */
const toldByStack = new WeakMap<object, Set<string>>();

/**
 * Warns, once per run, of credentials that Pulumi keeps in plain text. Only the program can tell: the provider gets all of
 * the configuration decrypted.
 * @param connection of a resource; one that is known only later is left out
 * @param provider an explicit one, whose inputs take the configuration's place
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
  // The SDK makes an Output of each input; it leaves `isSecret` out of its types.
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

/** The SDK leaves this function out of its types; every release that this package takes has it. */
function isConfigSecret(key: string): boolean {
  return (runtime as unknown as { isConfigSecret(key: string): boolean }).isConfigSecret(key);
}
