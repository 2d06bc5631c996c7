import { type CustomResourceOptions, type Input, type ProviderResource, RunError, all } from "@pulumi/pulumi";

/** The package that an explicit provider must belong to. */
const dynamicPackage = "pulumi-nodejs";

/** Refuses options that do not work, because the engine's own error would be misleading. */
export function refuseUnserved(name: string, { import: imported, provider }: CustomResourceOptions = {}): void {
  if (imported !== undefined)
    throw new RunError(
      `ApplicationKey "${name}": the option import does not work, since Pulumi imports no dynamic resources. ` +
        "Take keys into the state with `npx pulumi-datadog-application-key import`, " +
        "or let this resource take over the key of its name with the argument `adopt: true`.",
    );
  const given = provider === undefined ? dynamicPackage : packageOf(provider);
  if (given !== dynamicPackage)
    throw new RunError(
      `ApplicationKey "${name}": the option provider has one of the package "${given}", which makes no dynamic resources. ` +
        `Give one of the package "${dynamicPackage}" whose inputs are datadog:apiKey and datadog:appKey, ` +
        "or leave the option out and use the argument `connection` for another organisation.",
    );
}

/** Missing from the SDK's types. Every supported release has it. */
function packageOf(provider: ProviderResource): string {
  return (provider as unknown as { getPackage(): string }).getPackage();
}

/** Arguments whose change replaces the key anyway. */
const replacing = ["site", "apiVersion", "serviceAccountId", "keepers", "connection"];

/**
 * The warning for the option `replaceOnChanges`, if any. The engine does not see which property of a dynamic resource
 * changed.
 */
export function withoutEffect({ replaceOnChanges = [] }: CustomResourceOptions = {}): string | undefined {
  const idle = replaceOnChanges.filter((path) => !replacing.includes(/^\w*/.exec(path)?.[0] ?? ""));
  if (idle.length === 0) return undefined;
  return (
    `the option replaceOnChanges has no effect for ${idle.map((path) => JSON.stringify(path)).join(", ")}, because the ` +
    "engine does not learn which property of a dynamic resource changed. To rotate the key, put the value into `keepers`."
  );
}

export function notReadYet(unknown: string): string {
  return `the key is read in \`pulumi up\`: where it is (${unknown}) is not known yet`;
}

/**
 * The id of a key that is only read. It stays unknown until its location is known. In a preview the engine drops
 * unknown values, and would read the key from the wrong organisation.
 * @param place the arguments that give the location
 * @param unknown is called with the names of the unknown ones, if any
 */
export function knownWith(
  id: Input<string>,
  place: Readonly<Record<string, unknown>>,
  unknown: (names: string) => void,
): Input<string> {
  const later = Object.entries(place).filter(([, value]) => value !== undefined && typeof value !== "string");
  if (later.length === 0) return id;
  const values = all(later.map(([, value]) => value));
  // Missing from the SDK's types. Every supported release has it.
  const { isKnown } = values as unknown as { isKnown: Promise<boolean> };
  void isKnown.then((known) => {
    if (!known) unknown(later.map(([name]) => name).join(", "));
  });
  return all([id, values]).apply(([known]) => known);
}
