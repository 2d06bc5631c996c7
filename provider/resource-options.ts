import { type CustomResourceOptions, type Input, RunError, all } from "@pulumi/pulumi";

/**
 * Refuses the options that the engine does not serve for dynamic resources, before it answers with an error of its own
 * that speaks of something else. What a component or the stack hands down (`providers`) is not refused.
 */
export function refuseUnserved(
  name: string,
  { import: imported, provider }: { readonly import?: unknown; readonly provider?: unknown } = {},
): void {
  if (imported !== undefined)
    throw new RunError(
      `ApplicationKey "${name}": the option import does not work, since Pulumi imports no dynamic resources. ` +
        "Take keys into the state with `npx pulumi-datadog-application-key import`, " +
        "or let this resource take over the key of its name with the argument `adopt: true`.",
    );
  if (provider !== undefined)
    throw new RunError(
      `ApplicationKey "${name}": the option provider does not work: the credentials come from the configuration ` +
        "(datadog:apiKey, datadog:appKey) or the environment. " +
        'For those of a second organisation use the argument `connection`: "eu" reads datadog-eu:apiKey and so on.',
    );
}

/** Arguments that replace the key of themselves. */
const replacing = ["site", "apiVersion", "serviceAccountId", "keepers", "connection"];

/** What to tell of the option `replaceOnChanges`, if anything: the engine knows no single changes of dynamic resources. */
export function withoutEffect({ replaceOnChanges = [] }: CustomResourceOptions = {}): string | undefined {
  const idle = replaceOnChanges.filter((path) => !replacing.includes(/^\w*/.exec(path)?.[0] ?? ""));
  if (idle.length === 0) return undefined;
  return (
    `the option replaceOnChanges has no effect for ${idle.map((path) => JSON.stringify(path)).join(", ")}: of a dynamic ` +
    "resource the engine does not learn which property changed. What is to make a new key belongs into `keepers`."
  );
}

export function notReadYet(unknown: string): string {
  return `the key is read in \`pulumi up\`: where it is (${unknown}) is not known yet`;
}

/**
 * The id of a key that is only read, known no sooner than where to look for it. The engine drops what is not known in a
 * preview, and another organisation would be asked for the key.
 * @param place the arguments that say where
 * @param unknown is told which of them there are, where they are not known yet
 */
export function knownWith(
  id: Input<string>,
  place: Readonly<Record<string, unknown>>,
  unknown: (names: string) => void,
): Input<string> {
  const later = Object.entries(place).filter(([, value]) => value !== undefined && typeof value !== "string");
  if (later.length === 0) return id;
  const values = all(later.map(([, value]) => value));
  // The SDK leaves this field out of its types; every release that this package takes has it.
  const { isKnown } = values as unknown as { isKnown: Promise<boolean> };
  void isKnown.then((known) => {
    if (!known) unknown(later.map(([name]) => name).join(", "));
  });
  return all([id, values]).apply(([known]) => known);
}
